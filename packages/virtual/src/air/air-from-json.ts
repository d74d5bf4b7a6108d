import type { Band, NetworkSecurity, RadioCapabilities } from "@softap/ports";
import { isFields, passphraseProblem, Secret, softApError, utf8Length } from "@softap/protocol";
import { needsPassphrase, type RouterOptions } from "./router.ts";

/** An air and the radio in it, as a file describes them. */
export interface AirPlan {
  readonly capabilities: RadioCapabilities;
  readonly routers: readonly RouterOptions[];
}

const bands: readonly Band[] = ["2.4GHz", "5GHz", "6GHz"];
const securities: readonly NetworkSecurity[] = [
  "open",
  "wep",
  "wpa2-psk",
  "wpa2-wpa3",
  "wpa3-sae",
  "enterprise",
];

/** The air when no file is given: one router `Home-WiFi` with the passphrase `abcd1234`. */
export const defaultAirPlan: AirPlan = {
  capabilities: { softApWhileStation: true, bands: ["2.4GHz"], sae: true },
  routers: [{ ssid: "Home-WiFi", passphrase: Secret.of("abcd1234"), rssiDbm: -48, joinMs: 400 }],
};

/**
 * Reads an air from the JSON of a file; what is left out is as in {@link defaultAirPlan} or {@link RouterOptions}.
 *
 * @throws {UsageError} `CONFIG_INVALID` with the path of the first field that is wrong, such as `routers[0].ssid`
 *
 * @example
 * ```ts
 * const plan = airFromJson('{ "routers": [{ "ssid": "Home-WiFi", "passphrase": "abcd1234" }] }');
 * const air = new VirtualAir({ clock: new VirtualClock(), routers: plan.routers });
 * const radio = new VirtualRadio({ air, capabilities: plan.capabilities });
 * expect(radio.capabilities.softApWhileStation).toBe(true);
 * ```
 */
export function airFromJson(text: string): AirPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text around the mistake, which may be a passphrase.
    throw softApError("CONFIG_INVALID", "The air file is not JSON");
  }
  const air = new Fields(value, "");
  const { capabilities } = defaultAirPlan;
  const plan: AirPlan = {
    capabilities: {
      softApWhileStation: air.boolean("softApWhileStation", capabilities.softApWhileStation),
      bands: air.list("bands", capabilities.bands, (item, path) => oneOf(item, path, bands)),
      sae: air.boolean("sae", capabilities.sae),
    },
    routers: air.list("routers", defaultAirPlan.routers, readRouter),
  };
  air.end();
  return plan;
}

function readRouter(value: unknown, path: string): RouterOptions {
  const router = new Fields(value, path);
  const ssid = router.text("ssid");
  if (ssid === undefined || utf8Length(ssid) < 1 || utf8Length(ssid) > 32)
    throw invalid(`${path}.ssid`, "1 to 32 bytes");
  const passphrase = router.text("passphrase");
  const security = router.choice("security", passphrase === undefined ? "open" : "wpa2-psk", securities);
  if ((passphrase !== undefined) !== needsPassphrase(security))
    throw invalid(`${path}.passphrase`, needsPassphrase(security) ? "a text" : `absent with ${security}`);
  if (passphrase !== undefined && (passphrase === "" || passphraseProblem(passphrase) !== undefined))
    throw invalid(`${path}.passphrase`, "8 to 63 bytes or 64 hex digits");
  const band = router.choice("band", "2.4GHz", bands);
  const [firstChannel, lastChannel] = { "2.4GHz": [1, 14], "5GHz": [32, 177], "6GHz": [1, 233] }[band];
  const options: RouterOptions = {
    ssid,
    passphrase: passphrase === undefined ? undefined : Secret.of(passphrase),
    security,
    band,
    channel: router.integer("channel", band === "5GHz" ? 36 : 6, firstChannel, lastChannel),
    rssiDbm: router.integer("rssiDbm", -50, -120, 0),
    dhcp: router.choice("dhcp", "answers", ["answers", "silent"]),
    dhcpMs: router.integer("dhcpMs", 0, 0, 600_000),
    joinMs: router.integer("joinMs", 0, 0, 600_000),
    isHidden: router.boolean("hidden", false),
    isRefusing: router.boolean("refusing", false),
    hasInternet: router.boolean("internet", true),
  };
  router.end();
  return options;
}

/** The members of an object of the file, read one by one; what nobody read is a mistake. */
class Fields {
  readonly #fields: Map<string, unknown>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (!isFields(value)) throw invalid(path === "" ? "The air file" : path, "an object");
    this.#fields = new Map(Object.entries(value));
    this.#path = path === "" ? "" : `${path}.`;
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (value !== undefined && typeof value !== "string") throw invalid(this.#path + name, "a text");
    return value;
  }

  boolean(name: string, absent: boolean): boolean {
    const value = this.#take(name) ?? absent;
    if (typeof value !== "boolean") throw invalid(this.#path + name, "true or false");
    return value;
  }

  integer(name: string, absent: number, lowest = 0, highest = 0): number {
    const value = this.#take(name) ?? absent;
    if (typeof value !== "number" || !Number.isInteger(value) || value < lowest || value > highest)
      throw invalid(this.#path + name, `a whole number from ${lowest} to ${highest}`);
    return value;
  }

  choice<T extends string>(name: string, absent: T, choices: readonly T[]): T {
    return oneOf(this.#take(name) ?? absent, this.#path + name, choices);
  }

  list<T>(name: string, absent: readonly T[], read: (item: unknown, path: string) => T): readonly T[] {
    const value = this.#take(name);
    if (value === undefined) return absent;
    if (!Array.isArray(value)) throw invalid(this.#path + name, "a list");
    return value.map((item: unknown, at) => read(item, `${this.#path}${name}[${at}]`));
  }

  /** Throws when there is a member that was not asked for. */
  end(): void {
    for (const name of this.#fields.keys()) throw invalid(this.#path + name, "absent: it has no meaning");
  }

  #take(name: string): unknown {
    const value = this.#fields.get(name);
    this.#fields.delete(name);
    return value;
  }
}

function oneOf<T extends string>(value: unknown, path: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw invalid(path, `one of ${choices.join(", ")}`);
  return choice;
}

function invalid(path: string, rule: string): Error {
  return softApError("CONFIG_INVALID", `${path} must be ${rule}`, { context: { field: path } });
}
