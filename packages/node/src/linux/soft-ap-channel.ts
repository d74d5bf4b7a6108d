import type { SeenNetwork } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { KernelCapabilities } from "./capabilities.ts";

/** Channels that do not overlap and that every country allows, best known first. */
const quietChannels = [1, 6, 11] as const;

/**
 * The channel for a soft AP: the one asked for, the station's when both share one, else the quietest of 1, 6 and 11.
 * It never takes 12 to 14 by itself: many phones do not look there.
 *
 * @param options.asked - 0 leaves the choice to us.
 * @param options.stationChannel - Where the station is joined now.
 * @throws {WifiError} `SOFTAP_START_FAILED` when the country does not allow the channel
 */
export function chooseSoftApChannel(options: {
  asked: number;
  stationChannel: number | undefined;
  capabilities: KernelCapabilities;
  seen: readonly SeenNetwork[];
}): number {
  const { asked, stationChannel, capabilities, seen } = options;
  const isAllowed = (channel: number): boolean => capabilities.softApChannels.includes(channel);
  if (stationChannel !== undefined && capabilities.sharedChannels === 1) {
    if (isAllowed(stationChannel)) return stationChannel;
    throw notAllowed(stationChannel);
  }
  if (asked !== 0) {
    if (isAllowed(asked)) return asked;
    throw notAllowed(asked);
  }
  const loads = quietChannels.filter(isAllowed).map((channel) => ({ channel, load: loadOn(channel, seen) }));
  const [quietest] = loads.toSorted((a, b) => a.load - b.load);
  if (quietest === undefined) throw notAllowed(quietChannels[0]);
  return quietest.channel;
}

/** Sum of what is heard on the channels that overlap this one; a strong network counts more than a faint one. */
function loadOn(channel: number, seen: readonly SeenNetwork[]): number {
  let load = 0;
  for (const network of seen) {
    if (network.band !== "2.4GHz" || Math.abs(network.channel - channel) > 4) continue;
    load += Math.max(1, 100 + network.rssiDbm);
  }
  return load;
}

function notAllowed(channel: number): Error {
  return softApError("SOFTAP_START_FAILED", `The country does not allow a soft AP on channel ${channel}`, {
    context: { channel },
  });
}
