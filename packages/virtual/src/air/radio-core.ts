import { type CancelSignal, type Clock, type RadioCapabilities, sleep, throwIfCanceled } from "@softap/ports";
import { type ErrorCode, softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualAir } from "./air.ts";

/** What can be wrong with a radio as a whole. */
export type RadioFailure = Extract<
  ErrorCode,
  "WIFI_BLOCKED" | "WIFI_INTERFACE_MISSING" | "WIFI_UNMANAGED" | "WIFI_SUPPLICANT_GONE"
>;

/** One thing that a radio did. */
export interface RadioEvent {
  readonly atMs: number;
  readonly what:
    | "scanStarted"
    | "joinStarted"
    | "joined"
    | "joinFailed"
    | "left"
    | "lost"
    | "softApUp"
    | "softApDown"
    | "phoneJoined"
    | "phoneLeft";
  /** Phones on the soft AP at that moment. */
  readonly phones: number;
}

/** What both roles of a radio share. */
export class RadioCore {
  readonly air: VirtualAir;
  readonly host: VirtualHost | undefined;
  readonly name: string;
  readonly mac: string;
  readonly capabilities: RadioCapabilities;
  failure: RadioFailure | undefined = undefined;
  /** Tells how many phones are on the soft AP. */
  phones: () => number = () => 0;
  readonly history: RadioEvent[] = [];

  constructor(options: {
    air: VirtualAir;
    host: VirtualHost | undefined;
    name: string | undefined;
    capabilities: RadioCapabilities;
  }) {
    this.air = options.air;
    this.host = options.host;
    this.mac = options.air.newMac();
    this.name = options.name ?? options.host?.name ?? `radio ${this.mac}`;
    this.capabilities = options.capabilities;
  }

  get clock(): Clock {
    return this.air.clock;
  }

  /** Throws what is wrong with the radio, or {@link CanceledError}. */
  check(signal: CancelSignal): void {
    throwIfCanceled(signal);
    if (this.failure !== undefined) throw softApError(this.failure, "The virtual radio does not work");
  }

  /** Waits; not at all when there is nothing to wait for, so that zero delays need no clock. */
  async spend(name: string, delayMs: number, signal: CancelSignal): Promise<void> {
    if (delayMs > 0) await sleep(this.clock, { name, delayMs, signal });
  }

  /** Writes into the history. */
  record(what: RadioEvent["what"]): void {
    this.history.push({ atMs: this.clock.monotonicMs(), what, phones: this.phones() });
    if (this.history.length > virtualLimits.maxRadioHistory) this.history.shift();
  }
}
