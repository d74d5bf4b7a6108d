import { writeFileSync } from "node:fs";
import { mustRunIn, runIn, waitUntil } from "./namespace.ts";
import { Program } from "./program.ts";

/** A router to open. */
export interface RouterOptions {
  readonly ssid: Uint8Array;
  /** `undefined` opens a network without protection. */
  readonly passphrase?: string;
  /** @defaultValue "wpa2" where a passphrase is given */
  readonly security?: "wpa2" | "wpa3" | "mixed";
  /** @defaultValue 1 */
  readonly channel?: number;
  /** @defaultValue false */
  readonly isHidden?: boolean;
  /** Whether it gives addresses. @defaultValue true */
  readonly hasDhcp?: boolean;
  /** More lines for hostapd. */
  readonly lines?: readonly string[];
}

/** The interface of the first router. */
export const routerInterface = "wlan0";

/** The router's radios, and the networks behind them. */
const radios = {
  first: { interfaceName: routerInterface, network: "192.168.1" },
  second: { interfaceName: "wlan3", network: "192.168.3" },
} as const;

/** A router: hostapd and dnsmasq in a place of their own. */
export class Router {
  readonly #logs: string;
  readonly #interfaceName: string;
  readonly #network: string;
  #hostapd: Program | undefined;
  #dhcp: Program | undefined;

  constructor(logs: string, radio: keyof typeof radios) {
    this.#logs = logs;
    this.#interfaceName = radios[radio].interfaceName;
    this.#network = radios[radio].network;
  }

  /** Opens the network anew; resolves when it can be joined. */
  async open(options: RouterOptions): Promise<void> {
    await this.close();
    const name = this.#interfaceName;
    const config = `/run/${name}.conf`;
    writeFileSync(config, hostapdConfig(name, options));
    await mustRunIn("router", "ip", "addr", "replace", `${this.#network}.1/24`, "dev", name);
    this.#hostapd = new Program(
      { place: "router", log: `${this.#logs}/router-${name}.log` },
      "hostapd",
      config,
    );
    await waitUntil("the router opens", 30_000, async () => {
      const status = ["-p", "/run/router-control", "-i", name, "status"];
      return (await runIn("router", "hostapd_cli", ...status)).output.includes("state=ENABLED");
    });
    if (options.hasDhcp ?? true) this.serveDhcp();
  }

  /** Gives addresses again. */
  serveDhcp(): void {
    this.#dhcp ??= this.#serveAddresses();
  }

  /** Gives no address any more. */
  async silenceDhcp(): Promise<void> {
    await this.#dhcp?.stop();
    this.#dhcp = undefined;
  }

  /** Takes the network off the air. Idempotent. */
  async close(): Promise<void> {
    await this.silenceDhcp();
    await this.#hostapd?.stop();
    this.#hostapd = undefined;
  }

  #serveAddresses(): Program {
    const name = this.#interfaceName;
    const range = `--dhcp-range=${this.#network}.50,${this.#network}.99`;
    const where = [
      "--keep-in-foreground",
      "--conf-file=/dev/null",
      `--interface=${name}`,
      "--bind-interfaces",
    ];
    const files = [`--dhcp-leasefile=/run/${name}.leases`, "--pid-file", "--log-dhcp", "--log-facility=-"];
    const log = `${this.#logs}/router-${name}-dhcp.log`;
    return new Program({ place: "router", log }, "dnsmasq", ...where, range, "--port=0", ...files);
  }
}

function hostapdConfig(interfaceName: string, options: RouterOptions): string {
  const { ssid, passphrase, channel = 1, isHidden = false, lines = [] } = options;
  const security = passphrase === undefined ? undefined : (options.security ?? "wpa2");
  const keys = { wpa2: "WPA-PSK", wpa3: "SAE", mixed: "WPA-PSK SAE" } as const;
  return [
    `interface=${interfaceName}`,
    "driver=nl80211",
    "ctrl_interface=/run/router-control",
    `ssid2=${Buffer.from(ssid).toString("hex")}`,
    "utf8_ssid=1",
    `hw_mode=${channel > 14 ? "a" : "g"}`,
    `channel=${channel}`,
    `ignore_broadcast_ssid=${isHidden ? 1 : 0}`,
    ...(security === undefined
      ? []
      : [
          "wpa=2",
          `wpa_key_mgmt=${keys[security]}`,
          "rsn_pairwise=CCMP",
          `ieee80211w=${security === "wpa3" ? 2 : security === "mixed" ? 1 : 0}`,
          security === "wpa3" ? `sae_password=${passphrase}` : `wpa_passphrase=${passphrase}`,
        ]),
    ...lines,
    "",
  ].join("\n");
}
