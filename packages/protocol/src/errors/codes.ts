// Written by tools/gen-errors.ts from spec/errors.json. Change that file and run `npm run errors`.

/** What every side knows of an error. */
export interface ErrorBasics {
  /** Stable number, printed behind the message. */
  readonly number: string;
  readonly kind:
    | "protocol"
    | "wifi"
    | "transport"
    | "cloud"
    | "store"
    | "timeout"
    | "canceled"
    | "usage"
    | "internal";
  /** Whether trying again can help: `input` means only with other input. */
  readonly retry: "yes" | "no" | "input";
}

/** Every error, by code. */
export const errorBasics = {
  DATAGRAM_NOT_JSON: { number: "SA1101", kind: "protocol", retry: "no" },
  COMMAND_UNKNOWN: { number: "SA1102", kind: "protocol", retry: "no" },
  FIELD_MISSING: { number: "SA1103", kind: "protocol", retry: "no" },
  SSID_LENGTH: { number: "SA1104", kind: "protocol", retry: "input" },
  PASSPHRASE_LENGTH: { number: "SA1105", kind: "protocol", retry: "input" },
  TOKEN_LENGTH: { number: "SA1106", kind: "protocol", retry: "no" },
  REGION_LENGTH: { number: "SA1107", kind: "protocol", retry: "no" },
  DATAGRAM_TOO_LONG: { number: "SA1108", kind: "protocol", retry: "no" },
  REPLY_INVALID: { number: "SA1109", kind: "protocol", retry: "no" },
  PROTOCOL_VERSION_UNKNOWN: { number: "SA1110", kind: "protocol", retry: "no" },
  DEVICE_ERROR: { number: "SA1111", kind: "protocol", retry: "yes" },
  WIFI_AUTH_FAILED: { number: "SA2101", kind: "wifi", retry: "input" },
  WIFI_NOT_FOUND: { number: "SA2102", kind: "wifi", retry: "yes" },
  WIFI_TOO_WEAK: { number: "SA2103", kind: "wifi", retry: "yes" },
  WIFI_REFUSED: { number: "SA2104", kind: "wifi", retry: "yes" },
  WIFI_NO_ADDRESS: { number: "SA2105", kind: "wifi", retry: "yes" },
  WIFI_JOIN_TIMEOUT: { number: "SA2106", kind: "wifi", retry: "yes" },
  WIFI_UNSUPPORTED_SECURITY: { number: "SA2107", kind: "wifi", retry: "no" },
  WIFI_LOST: { number: "SA2108", kind: "wifi", retry: "yes" },
  SOFTAP_START_FAILED: { number: "SA2109", kind: "wifi", retry: "yes" },
  WIFI_BLOCKED: { number: "SA2110", kind: "wifi", retry: "no" },
  WIFI_INTERFACE_MISSING: { number: "SA2111", kind: "wifi", retry: "no" },
  WIFI_UNMANAGED: { number: "SA2112", kind: "wifi", retry: "no" },
  WIFI_SUPPLICANT_GONE: { number: "SA2113", kind: "wifi", retry: "yes" },
  WIFI_NOT_JOINED: { number: "SA2114", kind: "wifi", retry: "no" },
  WIFI_NOTHING_KEPT: { number: "SA2115", kind: "wifi", retry: "no" },
  WIFI_PROGRAM_MISSING: { number: "SA2116", kind: "wifi", retry: "no" },
  WIFI_NO_SOFT_AP: { number: "SA2117", kind: "wifi", retry: "no" },
  WIFI_COUNTRY_UNSET: { number: "SA2118", kind: "wifi", retry: "no" },
  ADDRESS_IN_USE: { number: "SA3101", kind: "transport", retry: "no" },
  ADDRESS_UNAVAILABLE: { number: "SA3102", kind: "transport", retry: "no" },
  PERMISSION_DENIED: { number: "SA3103", kind: "transport", retry: "no" },
  UNREACHABLE: { number: "SA3104", kind: "transport", retry: "yes" },
  CONNECTION_REFUSED: { number: "SA3105", kind: "transport", retry: "yes" },
  HOST_NOT_FOUND: { number: "SA3106", kind: "transport", retry: "yes" },
  TLS_FAILED: { number: "SA3107", kind: "transport", retry: "no" },
  SOCKET_CLOSED: { number: "SA3108", kind: "transport", retry: "yes" },
  REPLY_TOO_LONG: { number: "SA3109", kind: "transport", retry: "no" },
  DEVICE_SILENT: { number: "SA3110", kind: "transport", retry: "yes" },
  ADDRESS_RANGE_IN_USE: { number: "SA3111", kind: "transport", retry: "no" },
  CLOCK_WRONG: { number: "SA3112", kind: "transport", retry: "no" },
  SYSTEM_PROGRAM_FAILED: { number: "SA3113", kind: "transport", retry: "no" },
  MQTT_REFUSED: { number: "SA4101", kind: "cloud", retry: "no" },
  MQTT_SUBSCRIBE_REFUSED: { number: "SA4102", kind: "cloud", retry: "no" },
  MQTT_LOST: { number: "SA4103", kind: "cloud", retry: "yes" },
  CLOUD_UNREACHABLE: { number: "SA4104", kind: "cloud", retry: "yes" },
  BIND_REPLY_TIMEOUT: { number: "SA4105", kind: "cloud", retry: "yes" },
  BIND_TOKEN_UNKNOWN: { number: "SA4106", kind: "cloud", retry: "no" },
  BIND_TOKEN_EXPIRED: { number: "SA4107", kind: "cloud", retry: "no" },
  BIND_TOKEN_USED: { number: "SA4108", kind: "cloud", retry: "no" },
  DEVICE_BOUND_ELSEWHERE: { number: "SA4109", kind: "cloud", retry: "no" },
  BIND_REFUSED: { number: "SA4110", kind: "cloud", retry: "no" },
  RATE_LIMITED: { number: "SA4111", kind: "cloud", retry: "yes" },
  CLOUD_INTERNAL: { number: "SA4112", kind: "cloud", retry: "yes" },
  BIND_TOKEN_NOT_REPORTED: { number: "SA4113", kind: "cloud", retry: "yes" },
  REGION_MISMATCH: { number: "SA4114", kind: "cloud", retry: "no" },
  REGISTRATION_PRODUCT_UNKNOWN: { number: "SA4201", kind: "cloud", retry: "no" },
  REGISTRATION_INVALID: { number: "SA4202", kind: "cloud", retry: "no" },
  REGISTRATION_SIGNATURE: { number: "SA4203", kind: "cloud", retry: "no" },
  REGISTRATION_DISABLED: { number: "SA4204", kind: "cloud", retry: "no" },
  REGISTRATION_TOO_MANY: { number: "SA4205", kind: "cloud", retry: "no" },
  REGISTRATION_NOT_CREATED: { number: "SA4206", kind: "cloud", retry: "no" },
  REGISTRATION_ACTIVATED: { number: "SA4207", kind: "cloud", retry: "no" },
  REGISTRATION_LIMIT: { number: "SA4208", kind: "cloud", retry: "no" },
  REGISTRATION_REPLY_INVALID: { number: "SA4209", kind: "cloud", retry: "no" },
  APP_ACTION_UNKNOWN: { number: "SA5101", kind: "cloud", retry: "no" },
  APP_JSON_INVALID: { number: "SA5102", kind: "cloud", retry: "no" },
  APP_PARAMETER_MISSING: { number: "SA5103", kind: "cloud", retry: "no" },
  APP_PARAMETER_INVALID: { number: "SA5104", kind: "cloud", retry: "no" },
  APP_ACCESS_TOKEN_INVALID: { number: "SA5105", kind: "cloud", retry: "input" },
  APP_LOGIN_FAILED: { number: "SA5106", kind: "cloud", retry: "input" },
  APP_USER_UNKNOWN: { number: "SA5107", kind: "cloud", retry: "no" },
  APP_SIGNATURE_INVALID: { number: "SA5108", kind: "cloud", retry: "no" },
  APP_FAMILY_UNKNOWN: { number: "SA5109", kind: "cloud", retry: "no" },
  APP_ROOM_UNKNOWN: { number: "SA5110", kind: "cloud", retry: "no" },
  APP_DEVICE_UNKNOWN: { number: "SA5111", kind: "cloud", retry: "no" },
  ADMIN_TOKEN_INVALID: { number: "SA5112", kind: "cloud", retry: "input" },
  ALREADY_EXISTS: { number: "SA5113", kind: "cloud", retry: "no" },
  NOT_FOUND: { number: "SA5114", kind: "cloud", retry: "no" },
  STORE_READ_FAILED: { number: "SA6101", kind: "store", retry: "yes" },
  STORE_WRITE_FAILED: { number: "SA6102", kind: "store", retry: "yes" },
  STORE_CORRUPT: { number: "SA6103", kind: "store", retry: "no" },
  STORE_TOO_NEW: { number: "SA6104", kind: "store", retry: "no" },
  STORE_LOCKED: { number: "SA6105", kind: "store", retry: "no" },
  TIMEOUT: { number: "SA6201", kind: "timeout", retry: "yes" },
  SESSION_EXPIRED: { number: "SA6202", kind: "timeout", retry: "yes" },
  VERDICT_UNKNOWN: { number: "SA6203", kind: "timeout", retry: "yes" },
  CANCELED: { number: "SA6301", kind: "canceled", retry: "yes" },
  USAGE: { number: "SA6401", kind: "usage", retry: "no" },
  FILE_NOT_FOUND: { number: "SA6402", kind: "usage", retry: "no" },
  CONFIG_INVALID: { number: "SA6403", kind: "usage", retry: "no" },
  PROVISIONING_ACTIVE: { number: "SA6404", kind: "usage", retry: "no" },
  INTERNAL: { number: "SA6501", kind: "internal", retry: "no" },
} as const satisfies Record<string, ErrorBasics>;

/** The stable name of an error. */
export type ErrorCode = keyof typeof errorBasics;
