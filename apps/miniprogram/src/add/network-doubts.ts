import { type NetworkWarning, networkWarnings } from "@softap/phone";
import { warningText } from "@softap/phone/texts";
import type { NetworkSecurity, SeenNetwork } from "@softap/ports";
import { encodeUtf8, equalBytes } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import { textsOf } from "../texts/texts.ts";

/** What may be wrong with a network; the person decides. */
export interface NetworkDoubt {
  readonly text: string;
  /** What to do about it; may be empty. */
  readonly action: string;
  /** The device cannot join. */
  readonly isBlocking: boolean;
}

/** What is known of a network that is being typed. */
export interface NetworkInDoubt {
  readonly ssid: string;
  readonly isOpen: boolean;
  /** As a code told it. */
  readonly security: NetworkSecurity | undefined;
  /** What the phone hears; empty where it may not look. */
  readonly seen: readonly SeenNetwork[];
  /** Name of the device's own network. */
  readonly softApSsid: string;
}

/** Tells what may be wrong with a network, what keeps the device off for certain first. */
export function networkDoubts(network: NetworkInDoubt, language: Language): readonly NetworkDoubt[] {
  const { ssid, isOpen, softApSsid } = network;
  if (ssid === "") return [];
  const { wifi: t } = textsOf(language).add;
  const warnings = warningsOf(network);
  const isTold = (...codes: readonly NetworkWarning["code"][]): boolean =>
    warnings.some(({ code }) => codes.includes(code));
  const isOnAir = network.seen.some((seen) => equalBytes(seen.ssid, encodeUtf8(ssid)));
  const own = [
    ...(ssid === softApSsid ? [t.sameAsSoftAp] : []),
    // A scan knows better than the name.
    ...(!isOnAir && looksLike5Ghz.test(ssid) ? [t.looksLike5Ghz] : []),
    ...(isOpen && !isTold("SECURITY_OPEN", "SECURITY_ENTERPRISE") ? [t.open] : []),
  ];
  return [
    ...warnings.map((warning) => ({
      ...warningText(warning, language),
      isBlocking: warning.isBlocking,
    })),
    ...own.map((text) => ({ text, action: "", isBlocking: false })),
  ];
}

const looksLike5Ghz = /(?:^|[^0-9])5[\s_-]?g(?:hz)?(?![a-z0-9])/i;

function warningsOf({ ssid, security, seen }: NetworkInDoubt): readonly NetworkWarning[] {
  const bytes = encodeUtf8(ssid);
  const begins = (network: SeenNetwork): boolean =>
    network.ssid.length > bytes.length && equalBytes(network.ssid.subarray(0, bytes.length), bytes);
  // The phone tells whether a network is protected, not how: there the code knows better.
  const known = seen.map((network) =>
    security !== undefined && network.security !== "open" && equalBytes(network.ssid, bytes)
      ? { ...network, security }
      : network,
  );
  const warnings = networkWarnings({ ssid, seen: known, ...(security === undefined ? {} : { security }) });
  // Who has typed the beginning of a name is not done yet.
  return seen.some(begins)
    ? warnings.filter(({ code }) => code !== "NETWORK_NOT_SEEN" && code !== "NETWORK_HIDDEN")
    : warnings;
}
