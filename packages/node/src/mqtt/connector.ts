import type { MqttConnectOptions, MqttConnector, MqttLink } from "@softap/ports";

/** MQTT 3.1.1 by mqtt.js, over TLS-PSK, TLS with certificates, or TCP with a password. */
export class NodeMqttConnector implements MqttConnector {
  /** Loads what a connection needs, so that the first one need not wait for it; {@link connect} does it by itself otherwise. */
  async prepare(): Promise<void> {
    await import("./session.ts");
  }

  /**
   * Opens the connection and waits for CONNACK. Cancelling leaves no socket behind.
   *
   * @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`, and
   * `SOCKET_CLOSED` when the server hung up before CONNACK; {@link CloudError} `MQTT_REFUSED` with
   * `context.returnCode` 1–5; {@link UsageError} `CONFIG_INVALID` when a key or certificate cannot be read
   */
  async connect(options: MqttConnectOptions): Promise<MqttLink> {
    // A device that waits for its phone, maybe for months, does without mqtt.js and TLS in its memory.
    const { openSession } = await import("./session.ts");
    return openSession(options);
  }
}
