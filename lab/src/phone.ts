import { readFileSync, writeFileSync } from "node:fs";
import { accountFile, cloudUrl } from "./cloud.ts";
import { mustRunIn, runIn, waitUntil } from "./namespace.ts";
import { Program } from "./program.ts";
import { Softap, softapCommand } from "./softap.ts";

/** The phone's interface. */
export const phoneInterface = "wlan2";

/** `junk.ts` as `lab/bundle.ts` put it beside this program. */
const junkProgram = new URL("../junk/main.js", import.meta.url).pathname;

/** What a person types into the phone. */
export interface PhoneInput {
  readonly ssid: string;
  /** `undefined` for an open network. */
  readonly passphrase: string | undefined;
}

/** The phone: wpa_supplicant, a DHCP client, and `softap provision`. */
export class Phone {
  readonly #logs: string;
  #supplicant: Program | undefined;
  #softap: Softap | undefined;
  #noise: Program | undefined;
  #terminal: Program | undefined;

  constructor(logs: string) {
    this.#logs = logs;
  }

  /** Joins a network and gets an address. */
  async join(ssid: Uint8Array, passphrase: string | undefined): Promise<void> {
    await this.#associate(ssid, passphrase);
    await this.#associated();
    await this.#askAddress();
  }

  /** Leaves the network. Idempotent. */
  async leave(): Promise<void> {
    const supplicant = this.#supplicant;
    this.#supplicant = undefined;
    await supplicant?.stop();
    await runIn("phone", "ip", "addr", "flush", "dev", phoneInterface);
  }

  /** Switches the phone's mobile data on or off; it is the way to the cloud that does not go over the router. */
  async setMobileData(isOn: boolean): Promise<void> {
    await mustRunIn("phone", "ip", "link", "set", "mobile0", isOn ? "up" : "down");
    if (isOn) await mustRunIn("phone", "ip", "route", "replace", "192.168.2.0/24", "via", "192.168.5.1");
  }

  /** What DHCP told at the last time that an address was given, as variables. */
  lease(): string {
    return readFileSync("/run/lab/lease", "utf8");
  }

  /** Starts `softap provision`, and does not wait. */
  provision({ ssid, passphrase }: PhoneInput, ...args: string[]): Softap {
    writeFileSync("/run/lab/passphrase", passphrase ?? "");
    const network = passphrase === undefined ? ["--open"] : ["--passphrase-file", "/run/lab/passphrase"];
    this.#softap = this.run("provision", "--ssid", ssid, ...network, "--account-file", accountFile, ...args);
    return this.#softap;
  }

  /** Starts `softap provision` in a terminal, as a person does, and does not wait. */
  provisionByHand({ ssid, passphrase = "" }: PhoneInput): Program {
    writeFileSync("/run/lab/passphrase", passphrase);
    const network = ["--ssid", ssid, "--passphrase-file", "/run/lab/passphrase"];
    const words = [process.execPath, softapCommand, "provision", ...network, "--account-file", accountFile];
    const options = {
      place: "phone",
      log: `${this.#logs}/phone-terminal.log`,
      env: { TERM: "dumb" },
    } as const;
    this.#terminal = new Program(
      options,
      "script",
      "-qec",
      `stty cols 120 rows 40; ${words.join(" ")}`,
      "/dev/null",
    );
    return this.#terminal;
  }

  /** Runs a command of `softap` on the phone. */
  run(...args: string[]): Softap {
    const env = { SOFTAP_CLOUD_URL: cloudUrl };
    return new Softap({ place: "phone", log: `${this.#logs}/phone-softap.log`, env }, ...args);
  }

  /** Sends junk to the device's port until it is told to stop: `perSecond` datagrams and now and then a connection. */
  makeNoise(perSecond: number): void {
    this.#noise?.signal("SIGKILL");
    const words = [junkProgram, "192.168.4.1", "8266", `${perSecond}`];
    this.#noise = new Program({ place: "phone", log: "/dev/null" }, process.execPath, ...words);
  }

  /** Ends everything that the phone runs, and leaves the network. */
  async close(): Promise<void> {
    await this.#noise?.stop("SIGKILL");
    await this.#terminal?.stop("SIGKILL");
    await this.#softap?.program.stop();
    await this.leave();
  }

  async #associate(ssid: Uint8Array, passphrase: string | undefined): Promise<void> {
    await this.leave();
    const key = passphrase === undefined ? "key_mgmt=NONE" : `psk="${passphrase}"`;
    writeFileSync(
      "/run/phone.conf",
      `ctrl_interface=/run/phone-control\nnetwork={\n ssid=${Buffer.from(ssid).toString("hex")}\n scan_ssid=1\n ${key}\n}\n`,
    );
    await mustRunIn("phone", "ip", "link", "set", phoneInterface, "up");
    writeFileSync(this.#log, "");
    const args = ["-i", phoneInterface, "-c", "/run/phone.conf"];
    this.#supplicant = new Program({ place: "phone", log: this.#log }, "wpa_supplicant", ...args);
  }

  async #associated(): Promise<void> {
    const status = ["-p", "/run/phone-control", "-i", phoneInterface, "status"];
    await waitUntil("the phone joins", 90_000, async () => {
      if (readFileSync(this.#log, "utf8").includes("reason=WRONG_KEY"))
        throw new Error("the phone's passphrase was refused");
      return (await runIn("phone", "wpa_cli", ...status)).output.includes("wpa_state=COMPLETED");
    });
  }

  async #askAddress(): Promise<void> {
    // It asks for option 114, too, and leaves what it was told in a file.
    const script = "/run/lab/udhcpc";
    writeFileSync(script, `#!/bin/sh\nenv >/run/lab/lease\nexec /etc/udhcpc/default.script "$@"\n`, {
      mode: 0o755,
    });
    const ask = ["-i", phoneInterface, "-n", "-q", "-t", "10", "-T", "1", "-O", "114", "-s", script];
    // A phone asks more than once before it gives a network up.
    await waitUntil(
      "the phone gets an address",
      60_000,
      async () => (await runIn("phone", "udhcpc", ...ask)).ok,
    );
  }

  get #log(): string {
    return `${this.#logs}/phone.log`;
  }
}
