import { mkdir, rm, writeFile } from "node:fs/promises";
import {
  type CancelSignal,
  type Clock,
  neverCanceled,
  type SeenNetwork,
  sleep,
  withTimeout,
} from "@softap/ports";
import { isSoftApError, Secret, softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { cancelable } from "../../cancelable.ts";
import { ChildProgram, runCommand } from "../command.ts";
import { linuxLimits } from "../limits.ts";
import { type ControlEvent, parseControlEvent } from "./control-events.ts";
import { parseScanResults } from "./scan-results.ts";

/** A wpa_supplicant of our own on one interface: started, asked through `wpa_cli`, heard, and stopped. */
export class Supplicant {
  readonly #interfaceName: string;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: ControlEvent) => void>();
  #program: ChildProgram | undefined;
  #monitor: ChildProgram | undefined;

  /** @param options.folder - Private folder for the control socket and the configuration of the moment. */
  constructor(options: { interfaceName: string; folder: string; clock: Clock }) {
    this.#interfaceName = options.interfaceName;
    this.#folder = options.folder;
    this.#clock = options.clock;
  }

  /** Whether it runs. */
  get isRunning(): boolean {
    return this.#program?.isRunning === true;
  }

  /** Hears every event; returns how to stop. */
  listen(listener: (event: ControlEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Starts it without a network; one that runs is left alone.
   *
   * @throws {WifiError} `WIFI_SUPPLICANT_GONE` when it does not come up; `WIFI_PROGRAM_MISSING`
   */
  async start(call: Call): Promise<void> {
    if (this.isRunning) return;
    await this.stop();
    await mkdir(this.#controlFolder, { recursive: true, mode: 0o700 });
    await this.#writeConfig(undefined);
    const args = ["-i", this.#interfaceName, "-c", this.#configPath, "-D", "nl80211"];
    const program = new ChildProgram("wpa_supplicant", args);
    this.#program = program;
    const output: string[] = [];
    program.onLine = (line) => {
      if (output.length < 20) output.push(line);
    };
    const limit = {
      phase: "supplicant start",
      limitMs: linuxLimits.interfaceReadyMs,
      signal: call.signal,
    };
    try {
      await withTimeout(this.#clock, limit, (signal) => this.#startMonitor(program, signal));
    } catch (error) {
      await this.stop();
      if (call.signal.aborted) throw error;
      const cause = new Error(output.join("; "));
      throw softApError("WIFI_SUPPLICANT_GONE", "wpa_supplicant does not start", { cause });
    }
    program.onExit = () => this.#tell({ type: "terminating" });
  }

  /** Ends it and tells so; the interface is free afterwards. Idempotent. */
  async stop(): Promise<void> {
    if (this.isRunning) this.#tell({ type: "terminating" });
    const programs = [this.#monitor, this.#program];
    this.#monitor = undefined;
    this.#program = undefined;
    for (const program of programs) await program?.stop(this.#clock);
    await rm(this.#configPath, { force: true });
  }

  /** Gives it one network to be on, or none; it looks for the network only where it was heard. */
  async configure(
    network: { readonly block: Secret; readonly frequencyMhz: number } | undefined,
    call: Call,
  ): Promise<void> {
    await this.#writeConfig(network && onFrequency(network.block, network.frequencyMhz));
    await this.command(["reconfigure"], call);
  }

  /** Scans once over every channel, and calls these names for networks that hide theirs. What was heard before is forgotten. */
  async scan(ssids: readonly Uint8Array[], call: Call): Promise<readonly SeenNetwork[]> {
    const limit = { phase: "scan", limitMs: linuxLimits.scanTimeoutMs, signal: call.signal };
    try {
      await withTimeout(this.#clock, limit, async (signal) => {
        // The driver may be busy with a soft AP that opens just now.
        while (!(await this.#scanOnce(ssids, signal)))
          await sleep(this.#clock, { name: "scan retry", delayMs: linuxLimits.scanRetryMs, signal });
      });
    } catch (error) {
      // What a slow radio has found by now is better than nothing.
      if (!isSoftApError(error, "TIMEOUT") || call.signal.aborted) throw error;
    }
    return this.known(call);
  }

  /** Networks known from former scans, strongest first. */
  async known(call: Call): Promise<readonly SeenNetwork[]> {
    return parseScanResults(await this.#ask(["scan_results"], call));
  }

  /** Fields of `status`: `wpa_state`, `bssid`, `freq`, … */
  async status(call: Call): Promise<ReadonlyMap<string, string>> {
    return parseFields(await this.#ask(["status"], call));
  }

  /** Signal of the joined network, dBm, or `undefined` where the driver does not tell. */
  async rssiDbm(call: Call): Promise<number | undefined> {
    const rssi = Number(parseFields(await this.#ask(["signal_poll"], call)).get("RSSI"));
    return Number.isFinite(rssi) && rssi < 0 ? rssi : undefined;
  }

  /** A command that must be answered with OK. @throws {WifiError} `WIFI_SUPPLICANT_GONE` */
  async command(words: readonly string[], call: Call): Promise<void> {
    const reply = await this.#ask(words, call);
    if (reply !== "OK") throw refused(words[0] ?? "", reply);
  }

  get #controlFolder(): string {
    return `${this.#folder}/control`;
  }

  get #configPath(): string {
    return `${this.#folder}/supplicant.conf`;
  }

  async #ask(words: readonly string[], call: Call): Promise<string> {
    const where = ["-p", this.#controlFolder, "-i", this.#interfaceName];
    const { exitCode, stdout, stderr } = await runCommand("wpa_cli", [...where, ...words], call);
    if (exitCode !== 0 && stdout.trim() === "") throw refused(words[0] ?? "", stderr.trim());
    // A name at the end of a line may end in a space of its own.
    return stdout.replace(/^[\r\n]+|[\r\n]+$/g, "");
  }

  async #writeConfig(block: Secret | undefined): Promise<void> {
    const head = `ctrl_interface=DIR=${this.#controlFolder}\nsae_pwe=2\n`;
    await writeFile(this.#configPath, head + (block?.reveal() ?? ""), { mode: 0o600 });
  }

  /** Events come through `wpa_cli`: some of them the supplicant does not print itself. */
  async #startMonitor(program: ChildProgram, signal: CancelSignal): Promise<void> {
    for (;;) {
      const monitor = new ChildProgram("wpa_cli", ["-p", this.#controlFolder, "-i", this.#interfaceName]);
      this.#monitor = monitor;
      const isAttached = await cancelable<boolean>(signal, ({ resolve, reject }) => {
        monitor.onLine = (line) => {
          if (line.includes("Interactive mode") || line.includes("Connection established")) resolve(true);
        };
        monitor.onExit = () => resolve(false);
        program.onExit = (code) => reject(new Error(`wpa_supplicant ended with ${code}`));
        return () => {};
      });
      if (isAttached) {
        monitor.onLine = (line) => {
          const event = parseControlEvent(line);
          if (event !== undefined) this.#tell(event);
        };
        monitor.onExit = () => this.#tell({ type: "terminating" });
        return;
      }
      await sleep(this.#clock, { name: "supplicant retry", delayMs: linuxLimits.addressCheckMs, signal });
    }
  }

  /** @returns Whether the driver has scanned */
  async #scanOnce(ssids: readonly Uint8Array[], signal: CancelSignal): Promise<boolean> {
    await this.command(["bss_flush", "0"], { signal });
    const finished = this.#nextScan(signal);
    // What is not awaited because the command failed must not count as unhandled.
    finished.catch(() => {});
    const names = ssids.flatMap((ssid) => ["ssid", Buffer.from(ssid).toString("hex")]);
    const reply = await this.#ask(["scan", ...names], { signal });
    // A scan that is under way already serves as well.
    if (reply !== "OK" && reply !== "FAIL-BUSY") throw refused("scan", reply);
    return finished;
  }

  #nextScan(signal: CancelSignal): Promise<boolean> {
    return cancelable<boolean>(signal, ({ resolve, reject }) => {
      const stop = this.listen((event) => {
        if (event.type === "scanned") resolve(true);
        else if (event.type === "scanFailed") resolve(false);
        else if (event.type === "terminating") reject(refused("scan", "gone"));
        else return;
        stop();
      });
      return stop;
    });
  }

  #tell(event: ControlEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function onFrequency(block: Secret, frequencyMhz: number): Secret {
  return Secret.of(block.reveal().replace("network={\n", `network={\n\tscan_freq=${frequencyMhz}\n`));
}

/** Reads `name=value` lines. */
export function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1));
  }
  return fields;
}

function refused(command: string, reply: string): Error {
  return softApError("WIFI_SUPPLICANT_GONE", `wpa_supplicant refused ${command}`, {
    cause: new Error(reply === "" ? "no reply" : reply),
  });
}

/** A signal for what must be undone whatever the caller wants. */
export const undoing: Call = { signal: neverCanceled };
