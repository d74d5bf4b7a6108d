import type { Secret } from "@softap/protocol";
import type { CancelSignal } from "./cancel.ts";

/** How a device proves who it is. */
export type MqttSecurity =
  | {
      readonly kind: "psk";
      /** TLS-PSK identity, ASCII, up to 80 bytes. */
      readonly identity: string;
      /** The key, base64. */
      readonly key: Secret;
    }
  | { readonly kind: "password"; readonly password: Secret }
  | {
      readonly kind: "certificate";
      /** PEM. */
      readonly certificate: string;
      /** PEM. */
      readonly privateKey: Secret;
      /** PEM of the authority that signed the server's certificate. */
      readonly authority: string;
    };

/** One MQTT 3.1.1 session to open, clean and without a will. */
export interface MqttConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly security: MqttSecurity;
  readonly clientId: string;
  readonly username: string;
  /** Seconds. */
  readonly keepAliveS: number;
  readonly signal: CancelSignal;
}

/** Opens MQTT sessions. */
export interface MqttConnector {
  /**
   * Resolves after CONNACK 0.
   *
   * @throws {TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`
   * @throws {CloudError} `MQTT_REFUSED` with `context.returnCode` 1–5
   */
  connect(options: MqttConnectOptions): Promise<MqttLink>;
}

/** One open session. It never reconnects by itself: each CONNECT needs a fresh user name. */
export interface MqttLink {
  /** Resolves on SUBACK. @throws {CloudError} `MQTT_SUBSCRIBE_REFUSED` on 0x80; {TransportError} `SOCKET_CLOSED` */
  subscribe(topic: string, options: { qos: 0 | 1; signal: CancelSignal }): Promise<void>;
  /** Resolves on PUBACK (QoS 1) or when sent (QoS 0). @throws {TransportError} `SOCKET_CLOSED` */
  publish(topic: string, payload: Uint8Array, options: { qos: 0 | 1; signal: CancelSignal }): Promise<void>;
  /** At most one listener; set it in the turn in which `connect` resolved. */
  onMessage: ((topic: string, payload: Uint8Array) => void) | undefined;
  /** Called once when the session ended without our doing. */
  onClosed: (() => void) | undefined;
  /** Sends DISCONNECT and closes. Idempotent; no callback runs after it was called. */
  close(): Promise<void>;
}
