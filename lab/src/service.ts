import { writeFileSync } from "node:fs";
import { mustRunIn, Program, runIn, waitUntil } from "./namespace.ts";
import type { Backend } from "./scenario.ts";

/** The device's Wi-Fi service: NetworkManager with its supplicant, or a supplicant alone. */
export class WifiService {
  readonly #backend: Backend;
  readonly #logs: string;
  #programs: Program[] = [];

  constructor(backend: Backend, logs: string) {
    this.#backend = backend;
    this.#logs = logs;
  }

  /** Starts it; resolves when it can be asked. */
  async start(): Promise<void> {
    if (this.#backend === "wpa") {
      // The back-end starts its supplicant itself.
      await mustRunIn("device", "ip", "link", "set", "wlan1", "up");
      return;
    }
    writeFileSync(
      "/run/networkmanager.conf",
      "[main]\nplugins=keyfile\ndhcp=internal\nfirewall-backend=none\n[device]\nwifi.scan-rand-mac-address=no\n[logging]\nlevel=INFO\n",
    );
    const supplicantLog = `${this.#logs}/device-supplicant.log`;
    this.#programs.push(new Program("device", supplicantLog, "wpa_supplicant", "-u", "-t"));
    const config = ["--config", "/run/networkmanager.conf", "--debug", "--log-level=INFO"];
    this.#programs.push(
      new Program("device", `${this.#logs}/networkmanager.log`, "NetworkManager", ...config),
    );
    await waitUntil("NetworkManager starts", 60_000, async () => {
      const { output } = await runIn("device", "nmcli", "-t", "-f", "DEVICE,STATE", "device");
      return /^wlan1:(disconnected|conn)/m.test(output);
    });
  }

  /** Ends it. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const programs = this.#programs;
    this.#programs = [];
    await Promise.all(programs.map((program) => program.stop(signal)));
  }
}
