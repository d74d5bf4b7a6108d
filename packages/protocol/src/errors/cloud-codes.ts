// Written by tools/gen-errors.ts from spec/errors.json. Change that file and run `npm run errors`.

import type { ErrorCode } from "./codes.ts";

/** Our code for `code` in `app_bind_token_reply`. */
export const codeOfBindReply: Readonly<Record<string, ErrorCode>> = {
  "5001": "BIND_TOKEN_UNKNOWN",
  "5002": "BIND_TOKEN_EXPIRED",
  "5003": "BIND_TOKEN_USED",
  "5004": "DEVICE_BOUND_ELSEWHERE",
  "5005": "BIND_REFUSED",
  "5006": "RATE_LIMITED",
  "5000": "CLOUD_INTERNAL",
};

/** Our code for `code` of dynamic registration. */
export const codeOfRegistration: Readonly<Record<string, ErrorCode>> = {
  "1000": "CLOUD_INTERNAL",
  "1004": "REGISTRATION_PRODUCT_UNKNOWN",
  "1006": "REGISTRATION_INVALID",
  "1010": "REGISTRATION_SIGNATURE",
  "1011": "REGISTRATION_DISABLED",
  "1012": "REGISTRATION_TOO_MANY",
  "1020": "REGISTRATION_NOT_CREATED",
  "1021": "REGISTRATION_ACTIVATED",
  "1031": "REGISTRATION_LIMIT",
};

/** Our code for `Error.Code` of the app API; the first of several. */
export const codeOfApp: Readonly<Record<string, ErrorCode>> = {
  "InvalidParameterValue.TokenNotExist": "BIND_TOKEN_UNKNOWN",
  "InvalidParameterValue.TokenIsExpire": "BIND_TOKEN_EXPIRED",
  "InvalidParameterValue.DeviceHasBeenBound": "DEVICE_BOUND_ELSEWHERE",
  RequestLimitExceeded: "RATE_LIMITED",
  InvalidParameterValue: "BIND_TOKEN_NOT_REPORTED",
  InvalidAction: "APP_ACTION_UNKNOWN",
  "InvalidParameterValue.InvalidJSON": "APP_JSON_INVALID",
  ErrorRequiredParamNotFound: "APP_PARAMETER_MISSING",
  "InvalidParameterValue.InvalidAccessToken": "APP_ACCESS_TOKEN_INVALID",
  "InvalidParameterValue.UserLoginFailed": "APP_LOGIN_FAILED",
  "InvalidParameterValue.ErrorUserNotExists": "APP_USER_UNKNOWN",
  "AuthFailure.SignatureFailure": "APP_SIGNATURE_INVALID",
  "InvalidParameterValue.FamilyNotExist": "APP_FAMILY_UNKNOWN",
  "InvalidParameterValue.RoomNotExist": "APP_ROOM_UNKNOWN",
  "InvalidParameterValue.DeviceNotExist": "APP_DEVICE_UNKNOWN",
};
