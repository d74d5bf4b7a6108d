import type { NetworkCredentials, SeenNetwork } from "@softap/ports";
import { equalBytes, passphraseProblem, ssidProblem, softApError } from "@softap/protocol";

/** @throws {ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH` */
export function requireJoinable(network: NetworkCredentials): void {
  const problem = ssidProblem(network.ssid) ?? passphraseProblem(network.passphrase?.reveal() ?? "");
  if (problem !== undefined) throw problem;
}

/** The strongest access point of a network among those seen, or `undefined`. */
export function strongest(
  seen: readonly SeenNetwork[],
  network: Pick<NetworkCredentials, "ssid" | "bssid">,
): SeenNetwork | undefined {
  const wanted = network.bssid?.toLowerCase();
  return seen
    .filter((one) => equalBytes(one.ssid, network.ssid) && (wanted === undefined || one.bssid === wanted))
    .toSorted((a, b) => b.rssiDbm - a.rssiDbm)[0];
}

/**
 * Refuses what cannot work, or must not, before anything is tried.
 *
 * @throws {WifiError} `WIFI_UNSUPPORTED_SECURITY`, also for an open network where a passphrase was given: somebody may only
 * pretend to be the network meant; `WIFI_AUTH_FAILED` where the network wants a passphrase and none was given
 */
export function requireFitting(
  seen: SeenNetwork,
  network: NetworkCredentials,
  radio: { readonly sae: boolean },
): void {
  const context = { security: seen.security };
  const { security } = seen;
  if (security === "enterprise" || security === "wep" || (security === "wpa3-sae" && !radio.sae)) {
    throw softApError("WIFI_UNSUPPORTED_SECURITY", "The network's security cannot be used", { context });
  }
  if (security === "open" && network.passphrase !== undefined) {
    const message = "A passphrase was given and the network takes none";
    throw softApError("WIFI_UNSUPPORTED_SECURITY", message, { context });
  }
  if (security !== "open" && network.passphrase === undefined)
    throw softApError("WIFI_AUTH_FAILED", "The network wants a passphrase and none was given", { context });
}

/** The error for a network that no scan has found. @param cause - What ended the search, when it was not finished. */
export function notFound(cause?: unknown): Error {
  return softApError("WIFI_NOT_FOUND", "The network is not in reach", cause === undefined ? {} : { cause });
}
