import { readFileSync, writeFileSync } from "node:fs";
import { mustRunIn, Program, runIn, waitUntil } from "./namespace.ts";

const interfaceName = "wlan2";

/** The phone: wpa_supplicant and a DHCP client in a place of their own. */
export class Phone {
  readonly #log: string;
  #supplicant: Program | undefined;

  constructor(logs: string) {
    this.#log = `${logs}/phone.log`;
  }

  /** Joins a network and gets an address. */
  async join(ssid: Uint8Array, passphrase: string | undefined): Promise<void> {
    await this.associate(ssid, passphrase);
    const status = ["-p", "/run/phone-control", "-i", interfaceName, "status"];
    await waitUntil("the phone joins", 90_000, async () => {
      if (readFileSync(this.#log, "utf8").includes("reason=WRONG_KEY"))
        throw new Error("the phone's passphrase was refused");
      return (await runIn("phone", "wpa_cli", ...status)).output.includes("wpa_state=COMPLETED");
    });
    const lease = ["-i", interfaceName, "-n", "-q", "-t", "10", "-T", "1"];
    await mustRunIn("phone", "udhcpc", ...lease);
  }

  /** Begins to join a network, and does not wait. */
  async associate(ssid: Uint8Array, passphrase: string | undefined): Promise<void> {
    await this.leave();
    const key = passphrase === undefined ? "key_mgmt=NONE" : `psk="${passphrase}"`;
    writeFileSync(
      "/run/phone.conf",
      `ctrl_interface=/run/phone-control\nnetwork={\n ssid=${Buffer.from(ssid).toString("hex")}\n scan_ssid=1\n ${key}\n}\n`,
    );
    await mustRunIn("phone", "ip", "link", "set", interfaceName, "up");
    writeFileSync(this.#log, "");
    const args = ["-i", interfaceName, "-c", "/run/phone.conf"];
    this.#supplicant = new Program("phone", this.#log, "wpa_supplicant", ...args);
  }

  /** Whether an address answers. */
  async reaches(address: string): Promise<boolean> {
    return (await runIn("phone", "ping", "-c", "3", "-i", "0.3", "-W", "2", address)).ok;
  }

  /** Leaves the network. Idempotent. */
  async leave(): Promise<void> {
    const supplicant = this.#supplicant;
    this.#supplicant = undefined;
    await supplicant?.stop();
    await runIn("phone", "ip", "addr", "flush", "dev", interfaceName);
  }
}
