import { writeFile } from "node:fs/promises";
import type { CancelSignal, Clock, SeenNetwork, StationStatus } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { cancelable } from "../../cancelable.ts";
import { requireUnblocked } from "../block.ts";
import type { KernelCapabilities } from "../capabilities.ts";
import { ChildProgram, runCommand } from "../command.ts";
import type { OpenSoftAp, SoftApDriver, SoftApPlan } from "../soft-ap.ts";
import { addSoftApInterface } from "../virtual-interface.ts";
import { dnsmasqArguments } from "./dnsmasq.ts";
import { formatHostapdConfig } from "./hostapd-config.ts";
import type { WpaStation } from "./station.ts";
import { undoing } from "./supplicant.ts";

interface Call {
  readonly signal: CancelSignal;
}

/** What a {@link WpaSoftAp} is made of. */
export interface WpaSoftApOptions {
  /** Interface of the station; the soft AP takes it over where the radio has one role at a time. */
  readonly interfaceName: string;
  /** The station of the same radio, asked for late: it is made after the soft AP. */
  readonly station: () => WpaStation;
  readonly capabilities: KernelCapabilities;
  /** Private folder for configuration and leases. */
  readonly folder: string;
  readonly clock: Clock;
}

/** Opens soft APs with hostapd and dnsmasq. */
export class WpaSoftAp implements SoftApDriver {
  readonly #options: WpaSoftApOptions;

  constructor(options: WpaSoftApOptions) {
    this.#options = options;
  }

  async surroundings(): Promise<{ status: StationStatus; seen: readonly SeenNetwork[] }> {
    const { status, lastScan } = this.#options.station();
    return { status, seen: lastScan };
  }

  async open(plan: SoftApPlan, call: Call): Promise<OpenSoftAp> {
    const { interfaceName: stationName, station, capabilities, clock } = this.#options;
    requireUnblocked(stationName);
    let interfaceName = stationName;
    if (capabilities.softApWhileStation) interfaceName = await addSoftApInterface(stationName, call);
    else await station().release();
    const programs: ChildProgram[] = [];
    const close = async (): Promise<void> => {
      for (const program of programs.toReversed()) await program.stop(clock);
      await runCommand("ip", ["addr", "flush", "dev", interfaceName], undoing).catch(() => undefined);
    };
    try {
      programs.push(await this.#startHostapd(interfaceName, plan, call));
      await mustRun(["addr", "replace", `${plan.address}/24`, "dev", interfaceName], call);
      programs.push(await this.#startDnsmasq(interfaceName, plan.address, call));
    } catch (error) {
      await close();
      throw error;
    }
    for (const program of programs) program.onExit = () => plan.onDown();
    return { interfaceName, close };
  }

  async #startHostapd(interfaceName: string, plan: SoftApPlan, call: Call): Promise<ChildProgram> {
    const path = `${this.#options.folder}/hostapd.conf`;
    const config = await formatHostapdConfig({ interfaceName, softAp: plan.softAp, channel: plan.channel });
    await writeFile(path, config.reveal(), { mode: 0o600 });
    return this.#startedWhen("hostapd", [path], /AP-ENABLED/, call);
  }

  #startDnsmasq(interfaceName: string, address: string, call: Call): Promise<ChildProgram> {
    const leaseFile = `${this.#options.folder}/leases`;
    return this.#startedWhen(
      "dnsmasq",
      dnsmasqArguments({ interfaceName, address, leaseFile }),
      /DHCP, IP range/,
      call,
    );
  }

  /** Starts a program and resolves when a line of its output tells that it serves. */
  async #startedWhen(
    name: string,
    args: readonly string[],
    ready: RegExp,
    call: Call,
  ): Promise<ChildProgram> {
    const program = new ChildProgram(name, args);
    const output: string[] = [];
    try {
      await cancelable<void>(call.signal, ({ resolve, reject }) => {
        program.onLine = (line) => {
          if (output.length < 20) output.push(line);
          if (ready.test(line)) resolve();
        };
        program.onExit = (code) => {
          const cause = new Error(output.join("; "));
          reject(softApError("SOFTAP_START_FAILED", `${name} ended with ${code}`, { cause }));
        };
        return () => {};
      });
    } catch (error) {
      await program.stop(this.#options.clock);
      throw error;
    }
    program.onLine = undefined;
    return program;
  }
}

async function mustRun(args: readonly string[], call: Call): Promise<void> {
  const { exitCode, stderr } = await runCommand("ip", args, call);
  if (exitCode === 0) return;
  const code = /permitted/i.test(stderr) ? "PERMISSION_DENIED" : "SOFTAP_START_FAILED";
  throw softApError(code, "The soft AP got no address", { cause: new Error(stderr.trim()) });
}
