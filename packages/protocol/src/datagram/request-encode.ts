import { decodeUtf8, encodeUtf8, isWellFormed } from "../bytes.ts";
import { ProtocolError } from "../errors/error.ts";
import { protocolLimits } from "../limits.ts";
import { CommandType } from "./command-type.ts";
import { passphraseProblem, ssidProblem, tokenProblem } from "./limits-check.ts";
import type { NetworkRequest, TokenRequest } from "./request.ts";

/** The shortest log query, and the only form that the vendor's log mode accepts: it compares the first 12 bytes. */
export const logQueryDatagram: Uint8Array = /* @__PURE__ */ encodeUtf8(`{"cmdType":${CommandType.logQuery}}`);

/**
 * Encodes target network and token, compact, `cmdType` first, UTF-8 as it is. Optional fields are left out, `bssid` first and
 * `region` last, until the datagram fits: an old device cuts off or refuses what is longer.
 *
 * @param options.maxBytes - 255 towards an unknown device, 1 023 towards ours. @defaultValue 255
 * @throws {@link ProtocolError} `SSID_LENGTH` (also when the SSID is not UTF-8, which JSON cannot carry), `PASSPHRASE_LENGTH`,
 * `TOKEN_LENGTH`, `DATAGRAM_TOO_LONG`, `FIELD_MISSING` (a value that is not valid Unicode)
 */
export function encodeNetworkRequest(
  request: Omit<NetworkRequest, "type">,
  options: { maxBytes?: number } = {},
): Uint8Array {
  const passphrase = request.passphrase?.reveal() ?? "";
  const token = request.token.reveal();
  const problem = ssidProblem(request.ssid) ?? passphraseProblem(passphrase) ?? tokenProblem(token);
  if (problem !== undefined) throw problem;
  const ssid = decodeUtf8(request.ssid);
  if (ssid === undefined)
    throw new ProtocolError("SSID_LENGTH", "ssid is not UTF-8 and cannot be sent as JSON");
  return encodeWithin(
    { cmdType: CommandType.network, ssid, password: passphrase, token },
    [
      ["region", request.region],
      ["trace", request.trace],
      ["bssid", request.bssid],
    ],
    options.maxBytes,
  );
}

/**
 * Encodes a token for a device that has Wi-Fi already.
 *
 * @param options.maxBytes - As for {@link encodeNetworkRequest}. @defaultValue 255
 * @throws {@link ProtocolError} `TOKEN_LENGTH`, `DATAGRAM_TOO_LONG`, `FIELD_MISSING` (a value that is not valid Unicode)
 */
export function encodeTokenRequest(
  request: Omit<TokenRequest, "type">,
  options: { maxBytes?: number } = {},
): Uint8Array {
  const token = request.token.reveal();
  const problem = tokenProblem(token);
  if (problem !== undefined) throw problem;
  return encodeWithin(
    { cmdType: CommandType.token, token },
    [
      ["region", request.region],
      ["trace", request.trace],
    ],
    options.maxBytes,
  );
}

function encodeWithin(
  required: Record<string, string | number>,
  optional: readonly (readonly [string, string | undefined])[],
  maxBytes: number = protocolLimits.maxDatagramToUnknownDevice,
): Uint8Array {
  for (const [name, value] of [...Object.entries(required), ...optional])
    if (typeof value === "string" && !isWellFormed(value))
      throw new ProtocolError("FIELD_MISSING", `${name} is not valid Unicode`, { context: { field: name } });
  for (let kept = optional.length; ; kept--) {
    const object: Record<string, string | number> = { ...required };
    for (const [name, value] of optional.slice(0, kept)) if (value !== undefined) object[name] = value;
    const bytes = encodeUtf8(JSON.stringify(object));
    if (bytes.length <= maxBytes) return bytes;
    if (kept === 0)
      throw new ProtocolError(
        "DATAGRAM_TOO_LONG",
        `Datagram would have ${bytes.length} bytes, at most ${maxBytes} are allowed`,
      );
  }
}
