import { nodeClock } from "@softap/node";
import { NetworkManagerPhoneWifi, requireFreeRange, wifiInterfaces } from "@softap/node/linux";
import { softApNameRule } from "@softap/phone";
import type { CancelSignal, Log, PhoneWifi, SeenNetwork } from "@softap/ports";
import {
  asSoftApError,
  decodeUtf8,
  encodeUtf8,
  equalBytes,
  type Secret,
  softApError,
} from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import type { ProvisionCommandOptions } from "../commands/provision.ts";
import { findSecret, obtainSecret } from "../config/secret-source.ts";
import { checkPassphrase } from "../config/wifi-passphrase.ts";
import { explain, type JoinProblem } from "./soft-ap-join-texts.ts";

/** Options that say which soft AP to join, and with what. */
export type JoinOptions = Pick<
  ProvisionCommandOptions,
  "host" | "interface" | "softApSsid" | "softApPrefix" | "softApPassphraseFile" | "json" | "lang"
>;

/** The Wi-Fi of this computer. */
export type ComputerWifi = PhoneWifi & Pick<NetworkManagerPhoneWifi, "lookFor" | "close">;

/** A soft AP that was found, and what joins it and goes back. */
export interface SoftApJoin {
  readonly wifi: PhoneWifi;
  readonly softAp: { readonly ssid: Uint8Array; readonly passphrase: Secret | undefined };
  /** Goes back to the former network if that was not done. Idempotent. */
  close(): Promise<void>;
}

/** The world that a soft AP is looked for in. */
export interface JoinWorld {
  readonly log: Log;
  readonly signal: CancelSignal;
  /** Called when the soft AP is found, before its passphrase is asked for. */
  readonly onFound: (name: string) => Promise<void>;
  /** Wi-Fi interfaces of this computer. @defaultValue as the kernel tells */
  readonly interfaces?: () => readonly string[];
  /** @defaultValue through NetworkManager */
  readonly open?: (interfaceName: string) => Promise<ComputerWifi>;
}

/**
 * Looks for the device's soft AP with this computer's Wi-Fi and gets ready to join it. The computer's network is left alone.
 *
 * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_SUPPLICANT_GONE`, `WIFI_UNMANAGED`, `WIFI_BLOCKED`, `WIFI_NOT_FOUND`
 * @throws {TransportError} `PERMISSION_DENIED`, `ADDRESS_RANGE_IN_USE`
 * @throws {UsageError} `USAGE` when several devices are in reach, or a passphrase is missing; `FILE_NOT_FOUND`; {CanceledError}
 */
export async function findSoftAp(options: JoinOptions, world: JoinWorld): Promise<SoftApJoin> {
  const { host, lang } = options;
  const { interfaces = wifiInterfaces, onFound } = world;
  const interfaceName = options.interface ?? interfaces()[0];
  if (interfaceName === undefined)
    throw explain(softApError("WIFI_INTERFACE_MISSING", "No interface is a radio"), "noInterface", lang);
  // A computer that reaches this address over a wire would talk to somebody else there.
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) && !host.startsWith("127.")) requireFreeRange(host, [interfaceName]);
  const wifi = await (world.open ?? openWifi(world))(interfaceName).catch((error: unknown) => {
    throw explain(error, "open", lang, { interface: interfaceName });
  });
  try {
    const network = await lookFor(wifi, options, world);
    const name = nameOf(network);
    await onFound(name);
    const passphrase = await passphraseOf(network, options);
    return {
      wifi: explainedWifi(wifi, { name, lang }),
      softAp: { ssid: network.ssid, passphrase },
      close: () => wifi.close(),
    };
  } catch (error) {
    await wifi.close();
    throw error;
  }
}

function openWifi({ log, signal }: JoinWorld): (interfaceName: string) => Promise<ComputerWifi> {
  return (interfaceName) => NetworkManagerPhoneWifi.open({ interfaceName, clock: nodeClock, log, signal });
}

/** The one soft AP that is meant: that of the name, or the only one whose name begins as the product's do. */
async function lookFor(
  wifi: ComputerWifi,
  options: JoinOptions,
  { signal }: JoinWorld,
): Promise<SeenNetwork> {
  const { softApSsid, softApPrefix, lang } = options;
  const rule = softApNameRule(softApPrefix);
  const ssid = softApSsid === undefined ? undefined : encodeUtf8(softApSsid);
  const isMeant = ({ ssid: seen }: SeenNetwork): boolean =>
    ssid === undefined ? rule.deviceNameOf(seen) !== undefined : equalBytes(seen, ssid);
  const seen = await wifi.lookFor(isMeant, { signal, ...(ssid === undefined ? {} : { ssid }) });
  const devices = rule.find(seen).map(({ network }) => network);
  const meant = ssid === undefined ? devices : seen.filter(isMeant).slice(0, 1);
  const [found] = meant;
  const others = devices.map(nameOf).join(", ");
  if (found === undefined) {
    const problem: JoinProblem = others === "" ? "notFound" : "othersFound";
    const what = softApSsid ?? `${softApPrefix}…`;
    const error = softApError("WIFI_NOT_FOUND", "The soft AP is not in reach");
    throw explain(error, problem, lang, { softAp: what, others });
  }
  if (meant.length > 1)
    throw explain(softApError("USAGE", "Several soft APs are in reach"), "several", lang, { others });
  return found;
}

async function passphraseOf(network: SeenNetwork, options: JoinOptions): Promise<Secret | undefined> {
  const source = {
    what: "soft AP's passphrase",
    file: options.softApPassphraseFile,
    option: "--soft-ap-passphrase-file",
    env: "SOFTAP_SOFT_AP_PASSPHRASE",
    mayAsk: options.json !== true,
  };
  // One that is given counts for an open soft AP as well: it is refused, because somebody may only pretend to be the device.
  const passphrase = network.security === "open" ? await findSecret(source) : await obtainSecret(source);
  return passphrase && checkPassphrase(passphrase);
}

/** The same radio, whose failures speak of the device's soft AP and this computer, not of a router and the device. */
function explainedWifi(wifi: PhoneWifi, { name, lang }: { name: string; lang: Language }): PhoneWifi {
  return {
    currentSsid: (call) => wifi.currentSsid(call),
    restore: (call) => wifi.restore(call),
    joinSoftAp: (network, call) =>
      wifi.joinSoftAp(network, call).catch((error: unknown) => {
        throw explain(asSoftApError(error), "join", lang, { softAp: name });
      }),
  };
}

function nameOf({ ssid }: SeenNetwork): string {
  return decodeUtf8(ssid) ?? Buffer.from(ssid).toString("hex");
}
