import type { Band, NetworkSecurity, RadioCapabilities, SeenNetwork } from "@softap/ports";
import { displayBytes, equalBytes, formatHex } from "@softap/protocol";
import { portalLimits } from "./limits.ts";

/** Why the device cannot join a network that it sees. */
export type Obstacle = "band" | "enterprise" | "wep" | "sae";

/** A network as the page shows it: every access point of one name together. */
export interface ListedNetwork {
  readonly ssid: Uint8Array;
  /** Hex of the SSID: what the form sends, as an SSID need not be text. */
  readonly id: string;
  readonly label: string;
  /** Signal of the strongest access point that can be joined, 1 (faint) to 4. */
  readonly bars: 1 | 2 | 3 | 4;
  /** Lowest first. */
  readonly bands: readonly Band[];
  readonly security: NetworkSecurity;
  /** Absent when the device can join it. */
  readonly obstacle?: Obstacle;
}

/** The networks for a person to choose from: those that can be joined first, strongest first; never our own soft AP. */
export function listNetworks(
  seen: readonly SeenNetwork[],
  own: { readonly softApSsid: Uint8Array; readonly capabilities: RadioCapabilities },
): readonly ListedNetwork[] {
  const groups = new Map<string, SeenNetwork[]>();
  for (const network of seen) {
    if (network.ssid.length === 0 || equalBytes(network.ssid, own.softApSsid)) continue;
    const id = formatHex(network.ssid);
    groups.set(id, [...(groups.get(id) ?? []), network]);
  }
  return [...groups.values()]
    .map((group) => describe(group, own.capabilities))
    .toSorted((a, b) => Number(a.isHindered) - Number(b.isHindered) || b.rssiDbm - a.rssiDbm)
    .slice(0, portalLimits.maxNetworks)
    .map(({ network }) => network);
}

function describe(
  group: readonly SeenNetwork[],
  capabilities: RadioCapabilities,
): { network: ListedNetwork; rssiDbm: number; isHindered: boolean } {
  const ranked = group
    .map((network) => ({ ...network, obstacle: obstacleOf(network, capabilities) }))
    .toSorted(
      (a, b) => Number(a.obstacle !== undefined) - Number(b.obstacle !== undefined) || b.rssiDbm - a.rssiDbm,
    );
  // A group holds at least the network for which it was made.
  const [best] = ranked as [(typeof ranked)[number]];
  const { ssid, rssiDbm, security, obstacle } = best;
  return {
    network: {
      ssid,
      id: formatHex(ssid),
      label: displayBytes(ssid),
      bars: barsOf(rssiDbm),
      bands: [...new Set(group.map(({ band }) => band))].toSorted(),
      security,
      ...(obstacle === undefined ? {} : { obstacle }),
    },
    rssiDbm,
    isHindered: obstacle !== undefined,
  };
}

function obstacleOf({ band, security }: SeenNetwork, capabilities: RadioCapabilities): Obstacle | undefined {
  if (security === "enterprise" || security === "wep") return security;
  if (!capabilities.bands.includes(band)) return "band";
  return security === "wpa3-sae" && !capabilities.sae ? "sae" : undefined;
}

/** Bars as phones draw them, dBm. */
function barsOf(rssiDbm: number): 1 | 2 | 3 | 4 {
  if (rssiDbm >= -55) return 4;
  if (rssiDbm >= -67) return 3;
  return rssiDbm >= -78 ? 2 : 1;
}
