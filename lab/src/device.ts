import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Cloud, cloudAddress, productSecretFile } from "./cloud.ts";
import { mustRunIn, type Place, waitUntil } from "./namespace.ts";
import type { Backend } from "./scenario.ts";
import { isEvent, Softap, type SoftapEvent } from "./softap.ts";

/** The device's interface. */
export const deviceInterface = "wlan1";
/** Passphrase of every soft AP. */
export const softApPassphrase = "for-phones";

/** How a device is started. */
export interface DeviceStart {
  /** @defaultValue false */
  readonly oneRoleAtATime?: boolean;
  /** Back-end that the command is told. @defaultValue that of the machine */
  readonly wifi?: Backend | "auto";
  /** Who runs it. @defaultValue root */
  readonly user?: "nobody";
  /** More arguments for `softap device`. */
  readonly args?: readonly string[];
}

/** Where a device stands, and on which radio. */
export interface DeviceParts {
  readonly backend: Backend;
  readonly name: string;
  readonly logs: string;
  readonly cloud: Cloud;
  /** @defaultValue "device" */
  readonly place?: Place;
  /** @defaultValue {@link deviceInterface} */
  readonly interfaceName?: string;
}

/** `softap device` on the device's radio, with a state of its own that survives its ends. */
export class Device {
  readonly #backend: Backend;
  readonly #place: Place;
  readonly #interfaceName: string;
  readonly #logs: string;
  readonly #cloud: Cloud;
  readonly #folder: string;
  readonly name: string;
  #softap: Softap | undefined;

  constructor(parts: DeviceParts) {
    const { backend, name, logs, cloud, place = "device", interfaceName = deviceInterface } = parts;
    this.#backend = backend;
    this.#place = place;
    this.#interfaceName = interfaceName;
    this.name = name;
    this.#logs = logs;
    this.#cloud = cloud;
    this.#folder = `/run/lab/${name}`;
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${this.#folder}/soft-ap-passphrase`, softApPassphrase);
    copyFileSync(productSecretFile, `${this.#folder}/product-secret`);
  }

  /** Name of its soft AP. */
  get ssid(): Uint8Array {
    return Buffer.from(`softap-${this.name}`);
  }

  /** What runs. */
  get softap(): Softap {
    if (this.#softap === undefined) throw new Error("the device does not run");
    return this.#softap;
  }

  /** Starts it, and does not wait. */
  launch(start: DeviceStart = {}): Softap {
    const { oneRoleAtATime = false, wifi = this.#backend, user, args = [] } = start;
    const identity = ["--product-id", this.#cloud.productId, "--device-name", this.name];
    const cloud = ["--product-secret-file", `${this.#folder}/product-secret`, "--cloud-host", cloudAddress];
    const radio = ["--wifi", wifi, "--interface", this.#interfaceName];
    const softAp = [
      "--soft-ap-passphrase-file",
      `${this.#folder}/soft-ap-passphrase`,
      "--soft-ap-channel",
      "6",
    ];
    const state = ["--state", `${this.#folder}/state`, "--properties", this.#properties];
    const more = ["--log-level", "debug", ...(oneRoleAtATime ? ["--one-role-at-a-time"] : []), ...args];
    this.#softap = new Softap(
      { place: this.#place, log: this.#log, user },
      "device",
      ...identity,
      ...cloud,
      ...radio,
      ...softAp,
      ...state,
      ...more,
    );
    return this.#softap;
  }

  /** Starts it; resolves when phones can join its soft AP. */
  async start(options?: DeviceStart): Promise<void> {
    this.launch(options);
    await this.listening();
  }

  /** Resolves when its soft AP is open; `from` leaves out what was told before. */
  async listening({ from = 0, limitMs = 60_000 } = {}): Promise<SoftapEvent> {
    return this.softap.until("its soft AP opens", isEvent("listening"), { from, limitMs });
  }

  /** Resolves when it is in the cloud. */
  async connected({ from = 0, limitMs = 90_000 } = {}): Promise<SoftapEvent> {
    return this.softap.until("it connects to the cloud", isEvent("connected"), {
      from,
      limitMs,
    });
  }

  /** Resolves when data went both ways between app and device. */
  exchange(): Promise<void> {
    return this.#cloud.exchange(this.name, this.#properties);
  }

  /** When its soft AP was opened last, ms since 1970; its log may lag behind its events. */
  softApOpened(): Promise<number> {
    const look = async (): Promise<number | undefined> => {
      try {
        return this.toldMs("soft AP is up");
      } catch {
        return undefined;
      }
    };
    return waitUntil("the log tells of the soft AP", 5_000, look, 50);
  }

  /** Resolves when its soft AP was opened anew after a time, ms since 1970. */
  async softApReopens(afterMs: number): Promise<void> {
    await waitUntil("the soft AP is back", 120_000, async () => (await this.softApOpened()) > afterMs);
  }

  /** Whether a soft AP is on the air. */
  async isSoftApUp(): Promise<boolean> {
    const interfaces = (await mustRunIn(this.#place, "iw", "dev")).split("Interface ");
    // Its interface may stay; only on the air it has a channel.
    return interfaces.some((one) => one.includes("type AP") && one.includes("channel "));
  }

  /** Resolves when no soft AP is on the air. */
  async softApIsGone(limitMs = 60_000): Promise<void> {
    await waitUntil("the soft AP closes", limitMs, async () => !(await this.isSoftApUp()));
  }

  /**
   * When its log told something last, ms since 1970.
   *
   * @param what - A text of a line, or the name of a step.
   * @param options.after - The first line after this instead of the last, ms since 1970.
   */
  toldMs(what: string, options: { readonly after?: number } = {}): number {
    const { after } = options;
    const lines = readFileSync(this.#log, "utf8")
      .split("\n")
      .filter((line) => line.includes(`"${what}"`));
    const times = lines.map((line) => Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? ""));
    const found = after === undefined ? times.at(-1) : times.find((ms) => ms >= after);
    if (found === undefined) throw new Error(`the device's log does not tell: ${what}`);
    return found;
  }

  /** Resident memory, kB, and time on the processor since its start, ms. */
  usage(): { readonly rssKb: number; readonly cpuMs: number } {
    const { pid } = this.softap.program;
    const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    // schedstat counts nanoseconds, one file for each thread.
    return { rssKb: Number(rss), cpuMs: threadsOf(pid).reduce((sum, ns) => sum + ns, 0) / 1e6 };
  }

  /** Ends it. Idempotent. */
  async stop(): Promise<void> {
    await this.#softap?.program.stop();
    this.#softap = undefined;
  }

  /** Takes the power from its process alone. */
  async kill(): Promise<void> {
    await this.softap.program.stop("SIGKILL");
    this.#softap = undefined;
  }

  get #log(): string {
    return `${this.#logs}/${this.name}.log`;
  }

  get #properties(): string {
    return `${this.#folder}/properties.json`;
  }
}

function threadsOf(pid: number): readonly number[] {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
}
