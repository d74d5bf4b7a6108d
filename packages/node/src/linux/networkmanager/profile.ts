import type { NetworkCredentials, NetworkSecurity, SoftApOptions } from "@softap/ports";
import { type DBusValue, Variant } from "../dbus/value.ts";

/** Settings of a profile as D-Bus wants them: `a{sa{sv}}`. */
export type Profile = ReadonlyMap<string, ReadonlyMap<string, DBusValue>>;

/** Key under which our profiles carry what they are for; NetworkManager keeps it for us. */
export const roleKey = "softap.role";
/** Key under which kept profiles carry their number: the highest one counts. */
export const generationKey = "softap.generation";
/** Where NetworkManager keeps notes of others in a profile. */
export const userSetting = "user";

/** Roles of our profiles. */
export type ProfileRole = "station" | "soft-ap" | "phone";

/** What a station profile is made of. */
export interface StationProfileOptions {
  readonly uuid: string;
  readonly interfaceName: string;
  readonly network: NetworkCredentials;
  /** What the network announces. */
  readonly security: NetworkSecurity;
  /** Number among the kept profiles, or `undefined` for one that is only tried. */
  readonly generation: number | undefined;
  /** @defaultValue "station" */
  readonly role?: ProfileRole;
  /** Longest wait for an address, seconds. @defaultValue NetworkManager's own */
  readonly dhcpTimeoutS?: number;
  /** Only this user may see and use it. @defaultValue everybody */
  readonly owner?: string;
}

/** Profile of a network to join. */
export function stationProfile(options: StationProfileOptions): Profile {
  const { uuid, interfaceName, network, security, generation, role = "station", dhcpTimeoutS } = options;
  const isKept = generation !== undefined;
  const wireless: [string, DBusValue][] = [
    ["ssid", new Variant("ay", network.ssid)],
    ["mode", new Variant("s", "infrastructure")],
    // Finds a network that hides its name, and costs a visible one nothing but a probe.
    ["hidden", new Variant("b", true)],
  ];
  if (network.bssid !== undefined) wireless.push(["bssid", new Variant("ay", macBytes(network.bssid))]);
  const profile = new Map<string, ReadonlyMap<string, DBusValue>>([
    connectionSetting({ uuid, role, interfaceName, isAutomatic: isKept, owner: options.owner }),
    userNotes(role, generation),
    ["802-11-wireless", new Map(wireless)],
    [
      "ipv4",
      new Map<string, DBusValue>([
        ["method", new Variant("s", "auto")],
        ["may-fail", new Variant("b", false)],
        // The device's soft AP leads nowhere: a phone on it keeps its other way to the internet.
        ["never-default", new Variant("b", role === "phone")],
        ...(dhcpTimeoutS === undefined
          ? []
          : ([["dhcp-timeout", new Variant("i", dhcpTimeoutS)]] satisfies [string, DBusValue][])),
      ]),
    ],
    ["ipv6", new Map([["method", new Variant("s", role === "phone" ? "ignore" : "auto")]])],
  ]);
  if (network.passphrase !== undefined) {
    profile.set(
      "802-11-wireless-security",
      new Map([
        ["key-mgmt", new Variant("s", security === "wpa3-sae" ? "sae" : "wpa-psk")],
        ["psk", new Variant("s", network.passphrase.reveal())],
      ]),
    );
  }
  return profile;
}

/**
 * Profile of the soft AP: its own address in a /24.
 *
 * @param options.addressesBy - Who gives phones their addresses: a DHCP server of ours, or NetworkManager's own, which
 * answers names as well and shares the device's way to the internet.
 */
export function softApProfile(options: {
  uuid: string;
  interfaceName: string;
  softAp: SoftApOptions;
  channel: number;
  address: string;
  addressesBy: "us" | "networkManager";
}): Profile {
  const { uuid, interfaceName, softAp, channel, address, addressesBy } = options;
  const own = new Map([
    ["address", new Variant("s", address)],
    ["prefix", new Variant("u", 24)],
  ]);
  const profile = new Map<string, ReadonlyMap<string, DBusValue>>([
    connectionSetting({ uuid, role: "soft-ap", interfaceName, isAutomatic: false, owner: undefined }),
    userNotes("soft-ap", undefined),
    [
      "802-11-wireless",
      new Map<string, DBusValue>([
        ["ssid", new Variant("ay", softAp.ssid)],
        ["mode", new Variant("s", "ap")],
        ["band", new Variant("s", channel > 14 ? "a" : "bg")],
        ["channel", new Variant("u", channel)],
      ]),
    ],
    [
      "ipv4",
      new Map<string, DBusValue>([
        ["method", new Variant("s", addressesBy === "us" ? "manual" : "shared")],
        ["address-data", new Variant("aa{sv}", [own])],
        // The network is ours alone: newer versions would wait whether somebody else has the address.
        ["dad-timeout", new Variant("i", 0)],
      ]),
    ],
    ["ipv6", new Map([["method", new Variant("s", "ignore")]])],
  ]);
  if (softAp.passphrase !== undefined) {
    profile.set(
      "802-11-wireless-security",
      new Map<string, DBusValue>([
        ["key-mgmt", new Variant("s", "wpa-psk")],
        ["psk", new Variant("s", softAp.passphrase.reveal())],
        ["proto", new Variant("as", ["rsn"])],
        ["pairwise", new Variant("as", ["ccmp"])],
        ["group", new Variant("as", ["ccmp"])],
        // Older phones, and the Raspberry Pi's own radio, fail when management frames are protected.
        ["pmf", new Variant("i", 1)],
      ]),
    );
  }
  return profile;
}

function connectionSetting(options: {
  uuid: string;
  role: ProfileRole;
  interfaceName: string;
  isAutomatic: boolean;
  owner: string | undefined;
}): [string, ReadonlyMap<string, DBusValue>] {
  return [
    "connection",
    new Map<string, DBusValue>([
      ["id", new Variant("s", `softap ${options.role}`)],
      ["uuid", new Variant("s", options.uuid)],
      ["type", new Variant("s", "802-11-wireless")],
      ["interface-name", new Variant("s", options.interfaceName)],
      ["autoconnect", new Variant("b", options.isAutomatic)],
      // The router may be off for long: trying ends only when somebody says so.
      ["autoconnect-retries", new Variant("i", 0)],
      ...(options.owner === undefined
        ? []
        : ([["permissions", new Variant("as", [`user:${options.owner}:`])]] satisfies [string, DBusValue][])),
    ]),
  ];
}

function userNotes(
  role: ProfileRole,
  generation: number | undefined,
): [string, ReadonlyMap<string, DBusValue>] {
  const notes = new Map<string, DBusValue>([[roleKey, role]]);
  if (generation !== undefined) notes.set(generationKey, String(generation));
  return [userSetting, new Map([["data", new Variant("a{ss}", notes)]])];
}

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(":"), (part) => Number.parseInt(part, 16));
}
