import type {
  Clock,
  Crypto,
  DatagramSockets,
  HttpClient,
  KeyValueStore,
  Led,
  Log,
  MqttConnector,
  Radio,
  Random,
  Streams,
} from "@softap/ports";
import type { Secret } from "@softap/protocol";
import type { DevicePortal } from "./device-portal.ts";
import type { DeviceLimits } from "./limits.ts";

/** Who the device is. */
export interface DeviceIdentity {
  /** 10 characters, given by the cloud. */
  readonly productId: string;
  /** 1–48 characters. */
  readonly deviceName: string;
  /** Cloud region of the product. @defaultValue "ap-guangzhou" */
  readonly productRegion?: string;
}

/** How the device proves who it is. Without its own secret it registers with the product's. */
export type DeviceCredentials =
  | {
      /** TLS-PSK, or a signed password over TCP. */
      readonly kind: "psk" | "password";
      /** Base64. */
      readonly deviceSecret?: Secret;
      /** 16 characters or more; for dynamic registration. */
      readonly productSecret?: Secret;
    }
  | {
      readonly kind: "certificate";
      /** PEM. */
      readonly certificate?: string;
      /** PEM. */
      readonly privateKey?: Secret;
      /** PEM of the authority that signed the server's certificate. */
      readonly authority: string;
      readonly productSecret?: Secret;
    };

/** Where the cloud is. */
export interface DeviceCloud {
  readonly mqttHost: string;
  readonly mqttPort: number;
  /** Dynamic registration: `url` is the origin, such as `https://ap-guangzhou.gateway.tencentdevices.com`. */
  readonly registration?: { readonly url: string; readonly form: 1 | 2 };
}

/** What a session and its portal ask of the world. */
export interface SessionPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly datagrams: DatagramSockets;
  readonly streams: Streams;
  readonly radio: Radio;
}

/** What the device asks of its world. */
export interface DevicePorts extends SessionPorts {
  readonly store: KeyValueStore;
  readonly mqtt: MqttConnector;
  readonly http: HttpClient;
  /** @defaultValue nothing is logged */
  readonly log?: Log;
  /** @defaultValue no light */
  readonly led?: Led;
}

/** The network that the device opens for the phone. */
export interface SoftApSettings {
  /** 1–32 bytes. */
  readonly ssid: string | Uint8Array;
  /** 8–63 characters; a soft AP without protection when left out. */
  readonly passphrase?: Secret;
  /** 1–13; 0 lets the radio choose. @defaultValue 0 */
  readonly channel?: number;
}

/** When the device opens its soft AP by itself: `auto`, only by {@link Device.startSoftAp} (`button`), or not at all (`never`). */
export type SoftApPolicy = "auto" | "button" | "never";

/** Everything that a {@link Device} is made of. */
export interface DeviceOptions {
  readonly identity: DeviceIdentity;
  readonly credentials: DeviceCredentials;
  readonly cloud: DeviceCloud;
  readonly ports: DevicePorts;
  readonly server?: {
    /** Local address of the sockets. @defaultValue every one */
    readonly address?: string;
    /** UDP and TCP port of provisioning. @defaultValue 8266 */
    readonly port?: number;
    /** UDP port of log mode. @defaultValue 9876 */
    readonly logPort?: number;
  };
  /** What counts as success: the cloud's reply, or (as reference devices have it) its PUBACK alone. @defaultValue "reply" */
  readonly bindMode?: "reply" | "puback";
  readonly supervisor?: {
    /** @defaultValue "auto" */
    readonly policy?: SoftApPolicy;
    /** Time without the kept network until `auto` opens the soft AP, milliseconds, 0 or more. @defaultValue 180 000 */
    readonly openAfterMs?: number;
  };
  /** The soft AP that the policy opens. @defaultValue `softap-<deviceName>`, without protection */
  readonly softAp?: SoftApSettings;
  /** A page for people without an app, such as `Portal` of `@softap/device/portal`. @defaultValue none */
  readonly portal?: DevicePortal;
  readonly limits?: Partial<DeviceLimits>;
}
