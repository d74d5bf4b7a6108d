import { readFile } from "node:fs/promises";
import type { Band, CancelSignal, RadioCapabilities } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { networkError } from "../errors.ts";
import { runCommand } from "./command.ts";

/** What the kernel says of a radio: {@link RadioCapabilities} and what the back-ends need beside them. */
export interface KernelCapabilities extends RadioCapabilities {
  /** Whether it can open a network at all. */
  readonly canBeSoftAp: boolean;
  /** Channels on which a station and a soft AP may work at once, 1 for most radios; 0 when they may not. */
  readonly sharedChannels: number;
  /** Channels of the 2.4 and 5 GHz bands on which the country allows a soft AP without listening for radar first. */
  readonly softApChannels: readonly number[];
}

/**
 * Asks the kernel what a radio can do.
 *
 * @param interfaceName - `wlan0`, for example.
 * @throws {WifiError} `WIFI_INTERFACE_MISSING` when it does not exist or is no radio; `WIFI_PROGRAM_MISSING` without `iw`
 */
export async function readCapabilities(
  interfaceName: string,
  options: { signal: CancelSignal },
): Promise<KernelCapabilities> {
  const phy = await phyOf(interfaceName);
  const { exitCode, stdout, stderr } = await runCommand("iw", ["phy", phy, "info"], options);
  if (exitCode !== 0) {
    throw softApError("WIFI_INTERFACE_MISSING", `The kernel tells nothing of ${interfaceName}`, {
      cause: new Error(stderr.trim()),
      context: { interface: interfaceName },
    });
  }
  return parseCapabilities(stdout);
}

async function phyOf(interfaceName: string): Promise<string> {
  const missing = `${interfaceName} is no Wi-Fi interface`;
  if (!/^[^/\s]{1,15}$/.test(interfaceName)) throw softApError("WIFI_INTERFACE_MISSING", missing);
  try {
    return (await readFile(`/sys/class/net/${interfaceName}/phy80211/name`, "utf8")).trim();
  } catch (cause) {
    throw networkError(cause, missing, "WIFI_INTERFACE_MISSING");
  }
}

/** The same radio used for one role at a time. */
export function withOneRole(capabilities: KernelCapabilities): KernelCapabilities {
  return { ...capabilities, softApWhileStation: false, sharedChannels: 0 };
}

/** Reads the output of `iw phy … info`. */
export function parseCapabilities(text: string): KernelCapabilities {
  const channels = parseChannels(text);
  const combinations = parseCombinations(text).filter(allowsBoth);
  const sharedChannels = Math.max(0, ...combinations.map((combination) => combination.channels));
  const canBeSoftAp = /^\s+\* AP$/m.test(text);
  return {
    canBeSoftAp,
    softApWhileStation: canBeSoftAp && sharedChannels > 0,
    sharedChannels,
    bands: [...new Set(channels.map((channel) => channel.band))],
    sae: /Device supports SAE|\[ SAE_OFFLOAD \]/.test(text) && text.includes("CMAC (00-0f-ac:6)"),
    softApChannels: channels
      .filter((channel) => channel.band !== "6GHz" && channel.allowsSoftAp)
      .map((channel) => channel.number),
  };
}

/** Band of a frequency, if it is one of Wi-Fi's. */
export function bandOf(frequencyMhz: number): Band {
  if (frequencyMhz < 3000) return "2.4GHz";
  return frequencyMhz < 5925 ? "5GHz" : "6GHz";
}

/** Channel number of a frequency. */
export function channelOf(frequencyMhz: number): number {
  if (frequencyMhz === 2484) return 14;
  if (frequencyMhz < 3000) return (frequencyMhz - 2407) / 5;
  if (frequencyMhz === 5935) return 2;
  return frequencyMhz < 5925 ? (frequencyMhz - 5000) / 5 : (frequencyMhz - 5950) / 5;
}

/** Frequency of a channel, MHz: the inverse of {@link channelOf}. */
export function frequencyOf(channel: number, band: Band): number {
  if (band === "2.4GHz") return channel === 14 ? 2484 : 2407 + channel * 5;
  return band === "5GHz" ? 5000 + channel * 5 : 5950 + channel * 5;
}

interface KernelChannel {
  readonly number: number;
  readonly band: Band;
  readonly allowsSoftAp: boolean;
}

function parseChannels(text: string): readonly KernelChannel[] {
  const channels: KernelChannel[] = [];
  for (const [, mhz = "", number = "", rest = ""] of text.matchAll(
    /^\s+\* (\d+)(?:\.\d+)? MHz \[(-?\d+)\](.*)$/gm,
  )) {
    const band = bandOf(Number(mhz));
    const isWifi = Number(mhz) >= 2400 && Number(mhz) <= 7125;
    if (!isWifi || rest.includes("disabled")) continue;
    channels.push({ number: Number(number), band, allowsSoftAp: !/no IR|radar|passive/i.test(rest) });
  }
  return channels;
}

interface Combination {
  readonly limits: readonly { readonly modes: readonly string[]; readonly atMost: number }[];
  readonly total: number;
  readonly channels: number;
}

function parseCombinations(text: string): readonly Combination[] {
  const section = /valid interface combinations:\n((?:\t\t.*\n?)+)/.exec(text)?.[1] ?? "";
  return section
    .split(/^\s+\* (?=#\{)/m)
    .filter((part) => part.includes("#{"))
    .map((part) => ({
      limits: [...part.matchAll(/#\{([^}]*)\} <= (\d+)/g)].map(([, modes = "", atMost = "0"]) => ({
        modes: modes.split(",").map((mode) => mode.trim()),
        atMost: Number(atMost),
      })),
      total: Number(/total <= (\d+)/.exec(part)?.[1] ?? 0),
      channels: Number(/#channels <= (\d+)/.exec(part)?.[1] ?? 0),
    }));
}

function allowsBoth({ limits, total }: Combination): boolean {
  if (total < 2) return false;
  return limits.some((station, at) => {
    if (!station.modes.includes("managed")) return false;
    if (station.modes.includes("AP") && station.atMost >= 2) return true;
    return limits.some((ap, other) => other !== at && ap.modes.includes("AP") && ap.atMost >= 1);
  });
}
