import type { MqttConnectOptions, MqttLink } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { type IClientOptions, MqttClient } from "mqtt";
import { cancelable } from "../cancelable.ts";
import { networkError } from "../errors.ts";
import { nodeLimits } from "../limits.ts";
import { NodeMqttLink } from "./link.ts";
import { writeNumbersWithoutTable } from "./packet-writer.ts";
import { openSocket } from "./socket.ts";

/** Opens a connection and the MQTT session on it. @see {@link NodeMqttConnector.connect} */
export async function openSession(options: MqttConnectOptions): Promise<MqttLink> {
  writeNumbersWithoutTable();
  const socket = await openSocket(options);
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
