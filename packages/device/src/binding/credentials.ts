import { type Crypto, type MqttSecurity, type Random, randomText } from "@softap/ports";
import {
  formatMqttUsername,
  mqttClientId,
  mqttPassword,
  type RegisteredCredentials,
  UsageError,
} from "@softap/protocol";
import type { DeviceCredentials, DeviceIdentity } from "../options.ts";

/** What an integrator gave the device, or `undefined` when it has to register. */
export function givenCredentials(credentials: DeviceCredentials): RegisteredCredentials | undefined {
  if (credentials.kind === "certificate") {
    const { certificate, privateKey } = credentials;
    return certificate === undefined || privateKey === undefined
      ? undefined
      : { kind: "certificate", certificate, privateKey };
  }
  const { deviceSecret } = credentials;
  return deviceSecret === undefined ? undefined : { kind: "psk", deviceSecret };
}

/** Characters of a connection id. */
const connIdLength = 5;

/**
 * Who the device says it is in one CONNECT. The user name is fresh each time.
 *
 * @throws {@link UsageError} `CONFIG_INVALID` when the kind of the credentials is not the one that was configured
 */
export function mqttLogin(options: {
  readonly identity: DeviceIdentity;
  readonly configured: DeviceCredentials;
  readonly credentials: RegisteredCredentials;
  readonly crypto: Crypto;
  readonly random: Random;
}): { clientId: string; username: string; security: MqttSecurity } {
  const { identity, configured, credentials, crypto, random } = options;
  const clientId = mqttClientId(identity);
  const username = formatMqttUsername({ ...identity, connId: randomText(random, connIdLength) });
  if (credentials.kind === "certificate" && configured.kind === "certificate") {
    const { certificate, privateKey } = credentials;
    const { authority } = configured;
    return {
      clientId,
      username,
      security: { kind: "certificate", certificate, privateKey, authority },
    };
  }
  if (credentials.kind !== "psk" || configured.kind === "certificate")
    throw new UsageError(
      "CONFIG_INVALID",
      `credentials are of kind ${credentials.kind}, ${configured.kind} is configured`,
    );
  const { deviceSecret } = credentials;
  if (configured.kind === "psk")
    return { clientId, username, security: { kind: "psk", identity: clientId, key: deviceSecret } };
  const password = mqttPassword(crypto, { username, deviceSecret });
  return { clientId, username, security: { kind: "password", password } };
}
