import { writeFile } from "node:fs/promises";
import type { Clock, SeenNetwork, StationStatus } from "@softap/ports";
import { softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { requireUnblocked } from "../block.ts";
import type { KernelCapabilities } from "../capabilities.ts";
import { type ChildProgram, runCommand } from "../command.ts";
import { type DhcpServer, startDhcpServer } from "../dhcp-server.ts";
import type { OpenSoftAp, SoftApDriver, SoftApPlan } from "../soft-ap.ts";
import { startProgram } from "../started-program.ts";
import { addSoftApInterface } from "../virtual-interface.ts";
import { formatHostapdConfig } from "./hostapd-config.ts";
import type { WpaStation } from "./station.ts";
import { undoing } from "./supplicant.ts";

/** What a {@link WpaSoftAp} is made of. */
export interface WpaSoftApOptions {
  /** Interface of the station; the soft AP takes it over where the radio has one role at a time. */
  readonly interfaceName: string;
  /** The station of the same radio, asked for late: it is made after the soft AP. */
  readonly station: () => WpaStation;
  readonly capabilities: KernelCapabilities;
  /** Private folder for the configuration. */
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
    const programs: DhcpServer[] = [];
    const close = async (): Promise<void> => {
      for (const program of programs.toReversed()) await program.stop(clock);
      await runCommand("ip", ["addr", "flush", "dev", interfaceName], undoing).catch(() => undefined);
    };
    try {
      programs.push(await this.#startHostapd(interfaceName, plan, call));
      await mustRun(["addr", "replace", `${plan.address}/24`, "dev", interfaceName], call);
      const { softAp, address } = plan;
      const dhcp = { interfaceName, address, softAp, stationInterface: stationName };
      programs.push(await startDhcpServer(dhcp, { ...call, clock }));
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
    const { clock } = this.#options;
    return startProgram({ name: "hostapd", args: [path], ready: /AP-ENABLED/ }, { ...call, clock });
  }
}

async function mustRun(args: readonly string[], call: Call): Promise<void> {
  const { exitCode, stderr } = await runCommand("ip", args, call);
  if (exitCode === 0) return;
  const code = /permitted/i.test(stderr) ? "PERMISSION_DENIED" : "SOFTAP_START_FAILED";
  throw softApError(code, "The soft AP got no address", { cause: new Error(stderr.trim()) });
}
