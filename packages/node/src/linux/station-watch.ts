import { type CancelSignal, type Clock, neverCanceled, type TimerHandle } from "@softap/ports";
import { ChildProgram, runCommand } from "./command.ts";
import { linuxLimits } from "./limits.ts";

/** Counts the phones on a soft AP by what the kernel tells: both back-ends end there. */
export class StationWatch {
  readonly #interfaceName: string;
  readonly #clock: Clock;
  readonly #onCount: (count: number) => void;
  readonly #events: ChildProgram;
  #count = 0;
  #checksLeft = 0;
  #timer: TimerHandle | undefined;
  #isReading = false;
  #isStopped = false;

  /** @throws {WifiError} `WIFI_PROGRAM_MISSING` without `iw` */
  constructor(options: { interfaceName: string; clock: Clock; onCount: (count: number) => void }) {
    this.#interfaceName = options.interfaceName;
    this.#clock = options.clock;
    this.#onCount = options.onCount;
    this.#events = new ChildProgram("iw", ["event"]);
    this.#events.onLine = (line) => {
      const isOurs = line.startsWith(`${this.#interfaceName}:`) || line.startsWith(`${this.#interfaceName} `);
      if (isOurs && /\b(new|del) station\b/.test(line)) this.#checkSoon();
    };
    this.#checkSoon();
  }

  /** Phones joined now. */
  get count(): number {
    return this.#count;
  }

  /** Stops counting. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#events.stop(this.#clock);
  }

  #checkSoon(): void {
    this.#checksLeft = linuxLimits.stationChecks;
    this.#timer?.cancel();
    this.#timer = undefined;
    void this.#check();
  }

  /** A station is announced when it associates; whether it knows the passphrase shows a moment later. */
  async #check(): Promise<void> {
    if (this.#isReading || this.#isStopped) return;
    this.#isReading = true;
    const asked = this.#checksLeft;
    const stations = await readStations(this.#interfaceName, neverCanceled).catch(() => undefined);
    this.#isReading = false;
    if (this.#isStopped) return;
    if (stations !== undefined && stations.authorized !== this.#count) {
      this.#count = stations.authorized;
      this.#onCount(this.#count);
    }
    const isMissed = this.#checksLeft > asked;
    const isPending = stations === undefined || stations.pending > 0;
    this.#checksLeft -= 1;
    if (!isMissed && (!isPending || this.#checksLeft <= 0)) return;
    this.#timer = this.#clock.after("station check", linuxLimits.stationCheckMs, () => void this.#check());
  }
}

async function readStations(
  interfaceName: string,
  signal: CancelSignal,
): Promise<{ authorized: number; pending: number } | undefined> {
  const { exitCode, stdout } = await runCommand("iw", ["dev", interfaceName, "station", "dump"], { signal });
  return exitCode === 0 ? parseStations(stdout) : undefined;
}

/** Reads the output of `iw dev … station dump`. */
export function parseStations(text: string): { authorized: number; pending: number } {
  const stations = text.split(/^Station /m).slice(1);
  const authorized = stations.filter((station) => /authorized:\s+yes/.test(station)).length;
  return { authorized, pending: stations.length - authorized };
}
