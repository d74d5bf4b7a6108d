import type { Endpoint } from "@softap/ports";
import {
  decodeUtf8,
  encodeUtf8,
  passphraseProblem,
  ProtocolError,
  protocolLimits,
  type Secret,
  ssidProblem,
  tokenProblem,
  UsageError,
  utf8Length,
} from "@softap/protocol";
import { type PhoneLimits, phoneLimits } from "../limits.ts";
import type { ProvisionOnceOptions } from "./options.ts";

/** A network as it goes into the datagram. */
export interface Credentials {
  readonly ssid: Uint8Array;
  readonly passphrase: Secret | undefined;
  readonly bssid: string | undefined;
}

/** Checked options with their defaults. */
export interface Settings {
  readonly credentials: Credentials;
  readonly softAp: { readonly ssid: Uint8Array; readonly passphrase: Secret | undefined } | undefined;
  readonly device: Endpoint;
  readonly limits: PhoneLimits;
}

/**
 * Checks what the caller gave before anything is done with it.
 *
 * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `TOKEN_LENGTH`, `REGION_LENGTH`; {@link UsageError} `USAGE`
 */
export function readSettings(options: Omit<ProvisionOnceOptions, "cloud" | "familyId">): Settings {
  const { network, softAp, token, region, device = {} } = options;
  const { address = protocolLimits.deviceAddress, port = protocolLimits.provisioningPort } = device;
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError("USAGE", `device.port is ${port}, 1 to 65535 are allowed`);
  if (address === "") throw new UsageError("USAGE", "device.address is empty");
  const tokenIssue = token === undefined ? undefined : tokenProblem(token.reveal());
  if (tokenIssue !== undefined) throw tokenIssue;
  if (region !== undefined && utf8Length(region) > protocolLimits.maxRegionBytes)
    throw new ProtocolError(
      "REGION_LENGTH",
      `region has ${utf8Length(region)} bytes, at most ${protocolLimits.maxRegionBytes} are allowed`,
    );
  return {
    credentials: readCredentials(network.ssid, network.passphrase, network.bssid),
    softAp: softAp && readNetwork(softAp.ssid, softAp.passphrase),
    device: { address, port },
    limits: readLimits(options.limits),
  };
}

/**
 * Checks a target network.
 *
 * @throws {@link ProtocolError} `SSID_LENGTH` (also when it is not UTF-8, which JSON cannot carry), `PASSPHRASE_LENGTH`
 */
export function readCredentials(
  ssid: string | Uint8Array,
  passphrase: Secret | undefined,
  bssid: string | undefined,
): Credentials {
  const network = readNetwork(ssid, passphrase);
  if (decodeUtf8(network.ssid) === undefined)
    throw new ProtocolError("SSID_LENGTH", "ssid is not UTF-8 and cannot be sent as JSON");
  return { ...network, bssid };
}

function readNetwork(
  name: string | Uint8Array,
  passphrase: Secret | undefined,
): { ssid: Uint8Array; passphrase: Secret | undefined } {
  const ssid = typeof name === "string" ? encodeUtf8(name) : name;
  const problem = ssidProblem(ssid) ?? passphraseProblem(passphrase?.reveal() ?? "");
  if (problem !== undefined) throw problem;
  return { ssid, passphrase };
}

function readLimits(given: Partial<PhoneLimits> = {}): PhoneLimits {
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !(value > 0)) throw new UsageError("USAGE", `limits.${name} is not above 0`);
  return { ...phoneLimits, ...given };
}
