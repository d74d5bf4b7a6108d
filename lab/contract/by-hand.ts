import { writeFileSync } from "node:fs";
import { deviceInterface } from "../src/device.ts";
import { mustRunIn, runIn, waitUntil } from "../src/namespace.ts";
import { Program } from "../src/program.ts";
import type { Backend } from "../src/scenario.ts";

/** A network by its name, and what lets people in. */
export interface Network {
  readonly ssid: string;
  readonly passphrase: string;
}

/** What a person does with the system's own tools where our radio does it by itself. */
export interface ByHand {
  /** Its tools, for a sentence. */
  readonly tools: string;
  /** Whether they tell that a network is absent. */
  readonly tellsAbsence: boolean;
  /** Tries to join, and resolves when it is known how that ended. */
  join(network: Network): Promise<void>;
  /** Opens a soft AP; resolves when it is up. */
  openSoftAp(network: Network): Promise<void>;
  /** Undoes it. */
  forget(): Promise<void>;
}

/** The tools beneath a back-end. */
export function byHand(backend: Backend, out: string): ByHand {
  return backend === "wpa" ? new WpaByHand(out) : new NetworkManagerByHand();
}

class NetworkManagerByHand implements ByHand {
  readonly tools = "nmcli";
  readonly tellsAbsence = true;

  async join({ ssid, passphrase }: Network): Promise<void> {
    const network = ["type", "wifi", "con-name", "hand", "ifname", deviceInterface, "ssid", ssid];
    const secret = ["wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.psk", passphrase];
    await mustRunIn("device", "nmcli", "connection", "add", ...network, "autoconnect", "no", ...secret);
    await runIn("device", "nmcli", "--wait", "60", "connection", "up", "hand");
  }

  async openSoftAp({ ssid, passphrase }: Network): Promise<void> {
    const network = ["ifname", deviceInterface, "con-name", "hand", "ssid", ssid, "password", passphrase];
    await mustRunIn("device", "nmcli", "device", "wifi", "hotspot", ...network, "channel", "6", "band", "bg");
  }

  async forget(): Promise<void> {
    await mustRunIn("device", "nmcli", "connection", "delete", "hand");
  }
}

class WpaByHand implements ByHand {
  readonly tools = "wpa_supplicant, udhcpc and hostapd";
  /** The supplicant goes on looking for ever. */
  readonly tellsAbsence = false;
  readonly #log: string;
  #programs: Program[] = [];

  constructor(out: string) {
    this.#log = `${out}/by-hand.log`;
  }

  async join({ ssid, passphrase }: Network): Promise<void> {
    const config = `network={\n ssid="${ssid}"\n psk="${passphrase}"\n}\n`;
    const args = ["-i", deviceInterface, "-c"];
    const supplicant = this.#start("wpa_supplicant", "/run/lab/hand.conf", config, ...args);
    const told = /CTRL-EVENT-CONNECTED|reason=WRONG_KEY/;
    await waitUntil("the supplicant tells", 60_000, async () => told.test(supplicant.output), 20);
    if (!supplicant.output.includes("CTRL-EVENT-CONNECTED")) return;
    await mustRunIn("device", "udhcpc", "-i", deviceInterface, "-n", "-q");
  }

  async openSoftAp({ ssid, passphrase }: Network): Promise<void> {
    const lines = [`interface=${deviceInterface}`, `ssid=${ssid}`, "channel=6", "hw_mode=g", "wpa=2"];
    const keys = ["wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", `wpa_passphrase=${passphrase}`, ""];
    const hostapd = this.#start("hostapd", "/run/lab/hand.conf", [...lines, ...keys].join("\n"));
    await waitUntil("the soft AP is up", 30_000, async () => hostapd.output.includes("AP-ENABLED"), 20);
    await mustRunIn("device", "ip", "addr", "replace", "192.168.4.1/24", "dev", deviceInterface);
  }

  async forget(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop()));
    this.#programs = [];
    await mustRunIn("device", "ip", "addr", "flush", "dev", deviceInterface);
  }

  #start(command: string, file: string, config: string, ...args: string[]): Program {
    writeFileSync(file, config);
    const program = new Program({ place: "device", log: this.#log }, command, ...args, file);
    this.#programs.push(program);
    return program;
  }
}
