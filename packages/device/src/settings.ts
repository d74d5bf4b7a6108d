import type { SoftApOptions } from "@softap/ports";
import {
  encodeUtf8,
  passphraseProblem,
  protocolLimits,
  ssidProblem,
  type SoftApError,
  UsageError,
  utf8Length,
} from "@softap/protocol";
import type { DeviceIdentity, DeviceOptions, SoftApSettings } from "./options.ts";

/** Region of a product when nothing else is said. */
const defaultRegion = "ap-guangzhou";
const maxChannel = 13;

/**
 * The identity with its default, checked.
 *
 * @throws {@link UsageError} `CONFIG_INVALID`
 */
export function checkedIdentity(identity: DeviceIdentity): Required<DeviceIdentity> {
  const { productId, deviceName, productRegion = defaultRegion } = identity;
  if (!/^[A-Za-z0-9]+$/.test(productId) || productId.length > protocolLimits.productIdLength)
    throw invalid(`productId has ${productId.length} characters, 1 to 10 letters and digits are allowed`);
  const nameBytes = utf8Length(deviceName);
  if (nameBytes < 1 || nameBytes > protocolLimits.maxDeviceNameBytes || /[;/+#\s]/.test(deviceName))
    throw invalid(`deviceName has ${nameBytes} bytes, 1 to 48 without ; / + # and spaces are allowed`);
  return { productId, deviceName, productRegion };
}

/**
 * The credentials can be used, or the device can register.
 *
 * @throws {@link UsageError} `CONFIG_INVALID`
 */
export function checkCredentials({ credentials, cloud }: DeviceOptions): void {
  const isWhole =
    credentials.kind === "certificate"
      ? credentials.certificate !== undefined && credentials.privateKey !== undefined
      : credentials.deviceSecret !== undefined;
  const canRegister = credentials.productSecret !== undefined && cloud.registration !== undefined;
  if (!isWhole && !canRegister)
    throw invalid("credentials have no secret, nor productSecret with cloud.registration");
}

/**
 * The soft AP as the radio takes it, checked.
 *
 * @throws {@link UsageError} `CONFIG_INVALID`
 */
export function checkedSoftAp(settings: SoftApSettings): SoftApOptions {
  const ssid = typeof settings.ssid === "string" ? encodeUtf8(settings.ssid) : settings.ssid;
  const { passphrase, channel = 0 } = settings;
  const problem: SoftApError | undefined =
    ssidProblem(ssid) ?? (passphrase === undefined ? undefined : passphraseProblem(passphrase.reveal()));
  if (problem !== undefined)
    throw new UsageError("CONFIG_INVALID", "Soft AP settings are not valid", { cause: problem });
  if (passphrase?.reveal() === "")
    throw invalid("soft AP passphrase is empty; leave it out for an open soft AP");
  if (!Number.isInteger(channel) || channel < 0 || channel > maxChannel)
    throw invalid(`soft AP channel is ${channel}, 0 to ${maxChannel} is allowed`);
  return { ssid, passphrase, channel };
}

/** The soft AP when nothing is said: named after the device, open. */
export function defaultSoftAp(identity: DeviceIdentity): SoftApSettings {
  return { ssid: encodeUtf8(`softap-${identity.deviceName}`).slice(0, protocolLimits.maxSsidBytes) };
}

/** @see DeviceOptions.supervisor */
const defaultOpenAfterMs = 180_000;

/**
 * How long the device looks for its network before it opens the soft AP.
 *
 * @throws {@link UsageError} `CONFIG_INVALID`
 */
export function checkedOpenAfterMs(openAfterMs: number = defaultOpenAfterMs): number {
  if (!(openAfterMs >= 0)) throw invalid(`openAfterMs is ${openAfterMs}, 0 or more is allowed`);
  return openAfterMs;
}

function invalid(message: string): UsageError {
  return new UsageError("CONFIG_INVALID", message);
}
