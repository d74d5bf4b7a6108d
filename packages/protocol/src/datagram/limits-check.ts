import { utf8Length } from "../bytes.ts";
import { ProtocolError } from "../errors/error.ts";
import { protocolLimits as limits } from "../limits.ts";

/** What is wrong with an SSID, if anything: 1–32 bytes. */
export function ssidProblem(ssid: Uint8Array): ProtocolError | undefined {
  if (ssid.length >= 1 && ssid.length <= limits.maxSsidBytes) return undefined;
  return new ProtocolError(
    "SSID_LENGTH",
    `ssid has ${ssid.length} bytes, 1 to ${limits.maxSsidBytes} are allowed`,
  );
}

/** What is wrong with a passphrase, if anything: 8–63 bytes, 64 hex digits, or empty for an open network. */
export function passphraseProblem(passphrase: string): ProtocolError | undefined {
  const length = utf8Length(passphrase);
  const isPassphrase = length >= limits.minPassphraseBytes && length <= limits.maxPassphraseBytes;
  const isKey = length === limits.wifiPskHexDigits && /^[0-9a-fA-F]+$/.test(passphrase);
  if (length === 0 || isPassphrase || isKey) return undefined;
  return new ProtocolError(
    "PASSPHRASE_LENGTH",
    `passphrase has ${length} bytes; 8 to 63, 64 hex digits or none are allowed`,
  );
}

/** What is wrong with a bind token, if anything: 1–32 bytes. */
export function tokenProblem(token: string): ProtocolError | undefined {
  const length = utf8Length(token);
  if (length >= 1 && length <= limits.maxTokenBytes) return undefined;
  return new ProtocolError(
    "TOKEN_LENGTH",
    `token has ${length} bytes, 1 to ${limits.maxTokenBytes} are allowed`,
  );
}
