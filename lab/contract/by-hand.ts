import { neverCanceled, type Radio } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { deviceInterface } from "../src/device.ts";
import { runIn, waitUntil } from "../src/namespace.ts";
import { Program } from "../src/program.ts";
import type { Router } from "../src/router.ts";
import type { Backend } from "../src/scenario.ts";

const home = { ssid: encodeUtf8("Home-WiFi"), passphrase: "abcd1234" } as const;
const wrongPassphrase = "WRONGPASS";
const signal = neverCanceled;
const softAp = { ssid: encodeUtf8("softap-cost"), passphrase: Secret.of("for-phones"), channel: 6 };

/** Times of one and the same thing, done by us and by hand with the system's own tools, ms. */
export interface Cost {
  readonly what: string;
  readonly oursMs: number;
  readonly byHandMs: number;
}

/** Joins and opens a soft AP by our radio and by hand, the router as it has to be each time. */
export async function measureCosts(parts: {
  readonly backend: Backend;
  readonly router: Router;
  readonly out: string;
  openRadio(): Promise<Radio & { close(): Promise<void> }>;
}): Promise<readonly Cost[]> {
  const { backend, router, out } = parts;
  const hand = backend === "wpa" ? new WpaByHand(out) : new NetworkManagerByHand();
  const join = (radio: Radio, passphrase: string): Promise<unknown> =>
    radio.station
      .join({ ssid: home.ssid, passphrase: Secret.of(passphrase) }, { timeoutMs: 60_000, signal })
      .catch(() => undefined);
  const costs: Cost[] = [];
  for (const what of ["right passphrase", "wrong passphrase", "absent router"] as const) {
    if (what === "absent router") await router.close();
    else await router.open(home);
    const passphrase = what === "wrong passphrase" ? wrongPassphrase : home.passphrase;
    const radio = await parts.openRadio();
    const oursMs = await timed(() => join(radio, passphrase));
    await radio.station.forget({ signal });
    await radio.close();
    const byHandMs = await timed(() => hand.join(passphrase));
    await hand.forget();
    costs.push({ what, oursMs, byHandMs });
  }
  await router.close();
  const radio = await parts.openRadio();
  const oursMs = await timed(() => radio.softAp.start(softAp, { signal }));
  await radio.softAp.stop({ signal });
  await radio.close();
  const byHandMs = await timed(() => hand.openSoftAp());
  await hand.forget();
  costs.push({ what: "soft AP up", oursMs, byHandMs });
  return costs;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** What a person types with NetworkManager. */
class NetworkManagerByHand {
  async join(passphrase: string): Promise<void> {
    const network = ["type", "wifi", "con-name", "hand", "ifname", deviceInterface, "ssid", "Home-WiFi"];
    const secret = ["wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.psk", passphrase];
    await runIn("device", "nmcli", "connection", "add", ...network, "autoconnect", "no", ...secret);
    await runIn("device", "nmcli", "--wait", "60", "connection", "up", "hand");
  }

  async openSoftAp(): Promise<void> {
    const network = [
      "ifname",
      deviceInterface,
      "con-name",
      "hand",
      "ssid",
      "softap-cost",
      "password",
      "for-phones",
    ];
    await runIn("device", "nmcli", "device", "wifi", "hotspot", ...network, "channel", "6", "band", "bg");
  }

  async forget(): Promise<void> {
    await runIn("device", "nmcli", "connection", "delete", "hand");
  }
}

/** What a person does without it. */
class WpaByHand {
  readonly #log: string;
  #programs: Program[] = [];

  constructor(out: string) {
    this.#log = `${out}/by-hand.log`;
  }

  async join(passphrase: string): Promise<void> {
    const config = `network={\n ssid="Home-WiFi"\n psk="${passphrase}"\n}\n`;
    const supplicant = await this.#start(
      "wpa_supplicant",
      "/run/lab/hand.conf",
      config,
      "-i",
      deviceInterface,
      "-c",
    );
    const told = /CTRL-EVENT-CONNECTED|reason=WRONG_KEY|CTRL-EVENT-NETWORK-NOT-FOUND/;
    await waitUntil("the supplicant tells", 60_000, async () => told.test(supplicant.output));
    if (!supplicant.output.includes("CTRL-EVENT-CONNECTED")) return;
    await runIn("device", "udhcpc", "-i", deviceInterface, "-n", "-q");
  }

  async openSoftAp(): Promise<void> {
    const lines = [`interface=${deviceInterface}`, "ssid=softap-cost", "channel=6", "hw_mode=g", "wpa=2"];
    const keys = ["wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", "wpa_passphrase=for-phones", ""];
    const hostapd = await this.#start("hostapd", "/run/lab/hand.conf", [...lines, ...keys].join("\n"));
    await waitUntil("the soft AP is up", 30_000, async () => hostapd.output.includes("AP-ENABLED"));
    await runIn("device", "ip", "addr", "replace", "192.168.4.1/24", "dev", deviceInterface);
  }

  async forget(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop()));
    this.#programs = [];
    await runIn("device", "ip", "addr", "flush", "dev", deviceInterface);
  }

  async #start(command: string, file: string, config: string, ...args: string[]): Promise<Program> {
    await runIn("device", "sh", "-c", `cat >${file} <<'END'\n${config}END`);
    const program = new Program({ place: "device", log: this.#log }, command, ...args, file);
    this.#programs.push(program);
    return program;
  }
}
