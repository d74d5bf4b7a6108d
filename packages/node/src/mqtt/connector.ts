import type { MqttConnectOptions, MqttConnector, MqttLink } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { type IClientOptions, MqttClient } from "mqtt";
import type { Socket } from "node:net";
import { cancelable } from "../cancelable.ts";
import { networkError } from "../errors.ts";
import { nodeLimits } from "../limits.ts";
import { NodeMqttLink } from "./link.ts";
import { openSocket } from "./socket.ts";

/** MQTT 3.1.1 by mqtt.js, over TLS-PSK, TLS with certificates, or TCP with a password. */
export class NodeMqttConnector implements MqttConnector {
  /**
   * Opens the connection and waits for CONNACK. Cancelling leaves no socket behind.
   *
   * @throws {@link TransportError} `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`, and
   * `SOCKET_CLOSED` when the server hung up before CONNACK; {@link CloudError} `MQTT_REFUSED` with
   * `context.returnCode` 1–5; {@link UsageError} `CONFIG_INVALID` when a key or certificate cannot be read
   */
  async connect(options: MqttConnectOptions): Promise<MqttLink> {
    const socket = await openSocket(options);
    return openSession(socket, options);
  }
}

function openSession(socket: Socket, options: MqttConnectOptions): Promise<MqttLink> {
  const { host, port, signal } = options;
  const what = `Cannot open an MQTT session with ${host}:${port}`;
  return cancelable<MqttLink>(signal, ({ resolve, reject }) => {
    const client = new MqttClient(() => socket, clientOptions(options));
    const leave = (): void => {
      client.off("connect", onConnect).off("error", onError).off("close", onClose);
    };
    const abandon = (): void => {
      leave();
      client.on("error", () => {});
      client.end(true);
    };
    const onConnect = (): void => {
      leave();
      resolve(new NodeMqttLink(client, socket));
    };
    const onError = (error: Error): void => {
      abandon();
      const returnCode = "code" in error && typeof error.code === "number" ? error.code : undefined;
      reject(
        returnCode === undefined
          ? networkError(error, what, "UNREACHABLE")
          : softApError("MQTT_REFUSED", `${what}: refused with return code ${returnCode}`, {
              cause: error,
              context: { returnCode },
            }),
      );
    };
    const onClose = (): void => {
      abandon();
      reject(softApError("SOCKET_CLOSED", `${what}: the server closed the connection`));
    };
    client.on("connect", onConnect).on("error", onError).on("close", onClose);
    return abandon;
  });
}

function clientOptions(options: MqttConnectOptions): IClientOptions {
  const { security, clientId, username, keepAliveS } = options;
  return {
    protocolVersion: 4,
    clean: true,
    clientId,
    username,
    ...(security.kind === "password" ? { password: security.password.reveal() } : {}),
    keepalive: keepAliveS,
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: nodeLimits.connackTimeoutMs,
    // mqtt.js would print whole packets, the password included, when DEBUG is set.
    log: () => {},
  };
}
