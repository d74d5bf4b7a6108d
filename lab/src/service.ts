import { rmSync, writeFileSync } from "node:fs";
import { deviceInterface } from "./device.ts";
import { mustRunIn, runIn, waitUntil } from "./namespace.ts";
import { Program } from "./program.ts";
import type { Backend } from "./scenario.ts";

/** What serves the device's radio beside our own process: NetworkManager with its supplicant, or nothing. */
export class WifiService {
  readonly #backend: Backend;
  readonly #logs: string;
  #programs: Program[] = [];
  #manager: Program | undefined;

  constructor(backend: Backend, logs: string) {
    this.#backend = backend;
    this.#logs = logs;
  }

  /** Starts it; resolves when it can be asked. */
  async start(): Promise<void> {
    if (this.#backend === "wpa") {
      // The back-end starts its supplicant itself.
      await mustRunIn("device", "ip", "link", "set", deviceInterface, "up");
      return;
    }
    writeFileSync(
      "/run/networkmanager.conf",
      "[main]\nplugins=keyfile\ndhcp=internal\nfirewall-backend=none\n[device]\nwifi.scan-rand-mac-address=no\n[logging]\nlevel=INFO\n",
    );
    await this.#startSupplicant();
    const manager = { place: "device", log: `${this.#logs}/networkmanager.log` } as const;
    const config = ["--config", "/run/networkmanager.conf", "--debug", "--log-level=INFO"];
    this.#keepRunning(() => new Program(manager, "NetworkManager", ...config));
    await waitUntil("NetworkManager starts", 60_000, async () => {
      const { output } = await runIn("device", "nmcli", "-t", "-f", "DEVICE,STATE", "device");
      return new RegExp(`^${deviceInterface}:(disconnected|conn)`, "m").test(output);
    });
  }

  /** The bus may not have noticed yet that the one before is gone; then this one ends at once. */
  async #startSupplicant(): Promise<void> {
    const options = { place: "device", log: `${this.#logs}/device-supplicant.log` } as const;
    await waitUntil("the supplicant starts", 10_000, async () => {
      const supplicant = new Program(options, "wpa_supplicant", "-u", "-t");
      const isUp = await supplicant.prints("Successfully initialized").catch(() => false);
      if (isUp !== false) this.#programs.push(supplicant);
      return isUp !== false;
    });
  }

  /** Starts a program anew when it ends by itself, as systemd does with NetworkManager (Restart=on-failure). */
  #keepRunning(start: () => Program): void {
    const program = start();
    this.#manager = program;
    this.#programs.push(program);
    void program.ended.then(() => {
      if (!this.#programs.includes(program)) return;
      this.#programs = this.#programs.filter((one) => one !== program);
      this.#keepRunning(start);
    });
  }

  /** Takes the power from NetworkManager alone; it is started anew, and what it ran is left to it. */
  async killManager(): Promise<void> {
    await this.#manager?.stop("SIGKILL");
  }

  /** Forgets every network, so that the next device begins with none; nothing of a device may run. */
  async forgetNetworks(): Promise<void> {
    if (this.#backend === "wpa") {
      await this.cutPower();
      rmSync(`/etc/wpa_supplicant/wpa_supplicant-${deviceInterface}.conf`, { force: true });
      await this.start();
      return;
    }
    const { output } = await runIn("device", "nmcli", "-t", "-f", "UUID,TYPE", "connection", "show");
    const kept = output
      .split("\n")
      .flatMap((line) => (line.endsWith("wireless") ? [line.split(":")[0] ?? ""] : []));
    if (kept.length > 0) await runIn("device", "nmcli", "connection", "delete", ...kept);
  }

  /** Ends it. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const programs = this.#programs;
    this.#programs = [];
    await Promise.all(programs.map((program) => program.stop(signal)));
  }

  /** Takes the power from everything that runs where the device is, but for udev; the radio forgets what it did. */
  async cutPower(): Promise<void> {
    const programs = this.#programs;
    this.#programs = [];
    const all =
      "for p in $(ip netns pids device); do read -r n </proc/$p/comm; [ $n = systemd-udevd ] || echo $p; done";
    await mustRunIn("device", "sh", "-c", `kill -9 $(${all} | grep -v "^$$\\$") 2>/dev/null; true`);
    await Promise.all(programs.map((program) => program.ended));
    const links = [...(await mustRunIn("device", "iw", "dev")).matchAll(/Interface (\S+)/g)].map(
      ([, name = ""]) => name,
    );
    for (const link of links.filter((name) => name !== deviceInterface))
      await runIn("device", "iw", "dev", link, "del");
    await runIn("device", "ip", "link", "set", deviceInterface, "down");
    await runIn("device", "iw", "dev", deviceInterface, "set", "type", "managed");
    await runIn("device", "ip", "addr", "flush", "dev", deviceInterface);
  }
}
