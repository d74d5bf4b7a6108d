import {
  type Clock,
  type Log,
  neverCanceled,
  type SeenNetwork,
  type SoftAp,
  type SoftApOptions,
  type StationStatus,
  type TimerHandle,
  throwIfCanceled,
  withTimeout,
} from "@softap/ports";
import { asSoftApError, equalBytes, passphraseProblem, softApError, ssidProblem } from "@softap/protocol";
import type { Call } from "./call.ts";
import type { KernelCapabilities } from "./capabilities.ts";
import { Exclusive } from "./exclusive.ts";
import { linuxLimits } from "./limits.ts";
import { requireFreeRange } from "./soft-ap-address.ts";
import { runCommand } from "./command.ts";
import { chooseSoftApChannel } from "./soft-ap-channel.ts";
import type { SoftApRole } from "./soft-ap-role.ts";
import { StationWatch } from "./station-watch.ts";
import { softApInterfaceName } from "./virtual-interface.ts";

/** A soft AP to open, everything decided. */
export interface SoftApPlan {
  readonly softAp: SoftApOptions;
  readonly channel: number;
  readonly address: string;
  /** Told when the soft AP ends without our doing. */
  readonly onDown: () => void;
}

/** A soft AP that is up. */
export interface OpenSoftAp {
  readonly interfaceName: string;
  /** Takes it down; never throws. */
  close(): Promise<void>;
}

/** How a back-end opens a soft AP. */
export interface SoftApDriver {
  /** Resolves when phones can join; leaves nothing behind when it fails. @throws {WifiError} */
  open(plan: SoftApPlan, call: Call): Promise<OpenSoftAp>;
  /** What the station is doing, and what it has seen lately. */
  surroundings(call: Call): Promise<{ status: StationStatus; seen: readonly SeenNetwork[] }>;
}

/** What a {@link LinuxSoftAp} is made of. */
export interface LinuxSoftApOptions {
  readonly driver: SoftApDriver;
  /** Interface of the station; the soft AP takes it over where the radio has one role at a time. */
  readonly interfaceName: string;
  readonly capabilities: KernelCapabilities;
  readonly clock: Clock;
  readonly log: Log;
}

interface Running {
  readonly options: SoftApOptions;
  readonly channel: number;
  readonly open: OpenSoftAp;
  readonly watch: StationWatch;
}

const defaultAddress = "192.168.4.1";
/** Last channel that may be asked for. @see the `SoftAp` port */
const lastSoftApChannel = 13;

/** The soft AP of a Linux radio: what is the same under every back-end. */
export class LinuxSoftAp implements SoftAp, SoftApRole {
  readonly #options: LinuxSoftApOptions;
  readonly #exclusive = new Exclusive();
  #running: Running | undefined;
  /** What is wanted while the soft AP makes room for a join. */
  #suspended: SoftApOptions | undefined;
  /** The next try to open again what went down without our doing. */
  #retry: TimerHandle | undefined;
  /** Where the station was last seen to go. */
  #followed: number | undefined;
  onStationCount: ((count: number) => void) | undefined;

  constructor(options: LinuxSoftApOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#running !== undefined;
  }

  get holdsRadio(): boolean {
    return this.isUp && !this.#options.capabilities.softApWhileStation;
  }

  get stationCount(): number {
    return this.#running?.watch.count ?? 0;
  }

  start(options: SoftApOptions, call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(call.signal);
      requirePossible(options);
      this.#suspended = undefined;
      this.#stopRetry();
      if (this.#running !== undefined) {
        if (isSame(this.#running.options, options)) return;
        await this.#end();
      }
      await this.#begin(options, undefined, call);
    });
  }

  stop(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      this.#suspended = undefined;
      this.#stopRetry();
      await this.#end();
      throwIfCanceled(call.signal);
    });
  }

  makeRoom(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(call.signal);
      if (this.#options.capabilities.softApWhileStation) return;
      this.#stopRetry();
      await this.#end();
    });
  }

  follow(channel: number, call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      this.#followed = channel;
      const running = this.#running;
      const { capabilities } = this.#options;
      if (running === undefined || running.channel === channel || capabilities.sharedChannels > 1) return;
      await this.#suspend();
      if (!capabilities.softApChannels.includes(channel)) return;
      await this.#begin(running.options, channel, call);
      this.#suspended = undefined;
    });
  }

  resume(): Promise<void> {
    return this.#exclusive.run(async () => {
      const options = this.#suspended;
      this.#suspended = undefined;
      if (options === undefined || this.#running !== undefined) return;
      try {
        await this.#begin(options, undefined, { signal: neverCanceled });
      } catch (error) {
        this.#options.log.warn("soft AP did not come back", { code: asSoftApError(error).code });
      }
    });
  }

  async #begin(options: SoftApOptions, onChannel: number | undefined, call: Call): Promise<void> {
    throwIfCanceled(call.signal);
    const { driver, interfaceName, clock, capabilities, log } = this.#options;
    if (!capabilities.canBeSoftAp)
      throw softApError("SOFTAP_START_FAILED", "This radio cannot open a network");
    const address = options.address ?? defaultAddress;
    const softApInterface = softApInterfaceName(interfaceName);
    // A station that goes on may be in the same network: then neither the router nor the phone could be reached.
    const giving = capabilities.softApWhileStation ? [softApInterface] : [softApInterface, interfaceName];
    requireFreeRange(address, giving);
    const limit = { phase: "soft AP start", limitMs: linuxLimits.softApStartMs, signal: call.signal };
    const running = await withTimeout(clock, limit, async (signal) => {
      const channel = onChannel ?? (await this.#channelFor(options, { signal }));
      const onDown = (): void => void this.#exclusive.run(() => this.#lose(open));
      const open: OpenSoftAp = await driver.open({ softAp: options, channel, address, onDown }, { signal });
      return { options, channel, open, watch: this.#watch(open) };
    }).catch((error: unknown) => {
      if (call.signal.aborted) throw error;
      const { code } = asSoftApError(error);
      if (code !== "TIMEOUT" && code !== "INTERNAL") throw error;
      throw softApError("SOFTAP_START_FAILED", "The soft AP did not start", { cause: error });
    });
    this.#running = running;
    log.info("soft AP is up", { channel: running.channel });
  }

  async #channelFor(options: SoftApOptions, call: Call): Promise<number> {
    const { driver, capabilities, interfaceName } = this.#options;
    const { status, seen } = await driver.surroundings(call);
    const ownChannel = status.state === "joined" ? status.lease.channel : undefined;
    const nextChannel = status.state === "joining" ? this.#followed : undefined;
    // A join that is under way, ours or NetworkManager's own, may have its channel before it has an address.
    const stationChannel = capabilities.softApWhileStation
      ? ((await channelInUse(interfaceName, call)) ?? ownChannel ?? nextChannel)
      : undefined;
    return chooseSoftApChannel({
      asked: options.channel ?? 0,
      stationChannel,
      capabilities,
      seen,
    });
  }

  #watch(open: OpenSoftAp): StationWatch {
    return new StationWatch({
      interfaceName: open.interfaceName,
      clock: this.#options.clock,
      onCount: (count) => this.onStationCount?.(count),
    });
  }

  async #suspend(): Promise<void> {
    if (this.#running === undefined) return;
    this.#suspended = this.#running.options;
    await this.#end();
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    const hadStations = running.watch.count > 0;
    await running.watch.stop();
    await running.open.close();
    if (hadStations) this.onStationCount?.(0);
  }

  async #lose(open: OpenSoftAp): Promise<void> {
    const running = this.#running;
    if (running?.open !== open) return;
    this.#options.log.warn("soft AP went down", { interface: open.interfaceName });
    await this.#end();
    this.#retryAfter(running.options, linuxLimits.softApRetryMs);
  }

  /** Whoever serves the radio may have died, and is started anew: the soft AP is wanted all the same. */
  #retryAfter(options: SoftApOptions, delayMs: number): void {
    const { clock, log } = this.#options;
    const retry = async (): Promise<void> => {
      if (this.#retry !== timer) return;
      this.#retry = undefined;
      try {
        await this.#begin(options, undefined, { signal: neverCanceled });
      } catch (error) {
        log.warn("soft AP did not come back", { code: asSoftApError(error).code });
        this.#retryAfter(options, Math.min(2 * delayMs, linuxLimits.softApRetryMostMs));
      }
    };
    const timer = clock.after("soft AP retry", delayMs, () => void this.#exclusive.run(retry));
    this.#retry = timer;
  }

  #stopRetry(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
  }
}

function requirePossible({ ssid, passphrase, channel = 0 }: SoftApOptions): void {
  // No text at all would pass as "open": whoever means that gives no passphrase.
  const key = passphrase === undefined ? undefined : passphrase.reveal() || "?";
  const problem = ssidProblem(ssid) ?? passphraseProblem(key ?? "");
  const isChannel = Number.isInteger(channel) && channel >= 0 && channel <= lastSoftApChannel;
  if (problem === undefined && isChannel) return;
  const what = problem === undefined ? `no channel ${channel} for a soft AP` : "unfit name or passphrase";
  throw softApError("SOFTAP_START_FAILED", `The soft AP is impossible: ${what}`, { cause: problem });
}

function isSame(a: SoftApOptions, b: SoftApOptions): boolean {
  const samePassphrase =
    a.passphrase === undefined || b.passphrase === undefined
      ? a.passphrase === b.passphrase
      : a.passphrase.equals(b.passphrase);
  return (
    equalBytes(a.ssid, b.ssid) &&
    samePassphrase &&
    (a.channel ?? 0) === (b.channel ?? 0) &&
    (a.address ?? defaultAddress) === (b.address ?? defaultAddress) &&
    a.portalUrl === b.portalUrl &&
    (a.answersNames ?? false) === (b.answersNames ?? false)
  );
}

/** The channel on which an interface is associated now; `undefined` while it is not. */
async function channelInUse(interfaceName: string, call: Call): Promise<number | undefined> {
  const { stdout } = await runCommand("iw", ["dev", interfaceName, "info"], call);
  const [, channel] = /^\s*channel (\d+) /m.exec(stdout) ?? [];
  return channel === undefined ? undefined : Number(channel);
}
