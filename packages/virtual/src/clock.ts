import type { Clock, TimerHandle } from "@softap/ports";
import { softApError, TimeoutError } from "@softap/protocol";
import { virtualLimits } from "./limits.ts";
import { type HeapTimer, TimerHeap } from "./timer-heap.ts";

/** 2026-01-01T00:00:00Z: what the wall clock shows at the start when nothing else is said. */
const defaultWallMs = 1_767_225_600_000;

/** How a virtual clock begins. */
export interface VirtualClockOptions {
  /** Wall clock at the start, milliseconds since 1970; `undefined` for a clock that does not know it. @defaultValue 2026-01-01 */
  readonly wallMs?: number | undefined;
  /**
   * Lets pending promises go on; called after every timer. The default grants 256 microtask turns, which is enough
   * for work that only awaits virtual things. Where real input or output takes part, pass
   * `() => new Promise((resolve) => setImmediate(resolve))`.
   */
  readonly settle?: () => Promise<void>;
}

const settled: Promise<void> = Promise.resolve();

async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < virtualLimits.settleTurns; turn++) await settled;
}

/**
 * Time that moves only when a test says so. Timers due at the same instant run in the order in which they were set.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock();
 * let rang = false;
 * clock.after("alarm", 60_000, () => { rang = true; });
 * await clock.advance(60_000);
 * expect(rang).toBe(true);
 * ```
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap();
  readonly #settle: () => Promise<void>;
  #nowMs = 0;
  #order = 0;
  /** What the wall clock showed, or would have shown, when monotonic time was 0. */
  #wallOriginMs: number | undefined;
  #isMoving = false;
  #isFree = false;

  constructor(options: VirtualClockOptions = {}) {
    this.#wallOriginMs = "wallMs" in options ? options.wallMs : defaultWallMs;
    this.#settle = options.settle ?? settleMicrotasks;
  }

  /** @inheritdoc */
  monotonicMs(): number {
    return this.#nowMs;
  }

  /** @inheritdoc */
  wallMs(): number | undefined {
    return this.#wallOriginMs === undefined ? undefined : this.#wallOriginMs + this.#nowMs;
  }

  /** Sets the wall clock, or makes it forget the time; monotonic time and timers do not notice. */
  setWall(wallMs: number | undefined): void {
    this.#wallOriginMs = wallMs === undefined ? undefined : wallMs - this.#nowMs;
  }

  /** A clock of the same time and timers with a wall clock of its own: for a device that is a year off. */
  withWall(wallMs: number | undefined): VirtualWallClock {
    return new VirtualWallClock(this, wallMs);
  }

  /** @inheritdoc @throws {UsageError} `USAGE` when `delayMs` is not a finite number */
  after(name: string, delayMs: number, callback: () => void): TimerHandle {
    if (!Number.isFinite(delayMs)) throw softApError("USAGE", `timer ${name} has the delay ${delayMs}`);
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const timer: HeapTimer = { atMs, order: this.#order++, name, callback, index: -1 };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.remove(timer) };
  }

  /** Names of pending timers, earliest first. A test that ends with any has leaked it. */
  get pending(): readonly string[] {
    return this.#timers.inOrder().map((timer) => timer.name);
  }

  /** How many timers are pending. */
  get pendingCount(): number {
    return this.#timers.size;
  }

  /** Lets pending promises go on without moving time. */
  settle(): Promise<void> {
    return this.#settle();
  }

  /**
   * Moves time on, runs what falls due on the way, and lets promises settle in between.
   *
   * @param byMs - Milliseconds, 0 or more.
   * @throws {UsageError} `USAGE` when time is being moved already, or would go backwards
   */
  async advance(byMs: number): Promise<void> {
    await this.#moving(byMs, async (untilMs) => {
      await this.#settle();
      for (let next = this.#due(untilMs); next !== undefined; next = this.#due(untilMs)) {
        this.#run(next);
        await this.#settle();
      }
      this.#nowMs = untilMs;
    });
  }

  /**
   * Moves time on until a condition holds, and not a millisecond further.
   *
   * @param limitMs - Milliseconds of virtual time.
   * @throws {TimeoutError} `TIMEOUT` when it does not hold within the limit; the message names the pending timers
   */
  async advanceUntil(condition: () => boolean, limitMs: number): Promise<void> {
    await this.#moving(limitMs, async (untilMs) => {
      await this.#settle();
      while (!condition()) {
        const next = this.#due(untilMs);
        if (next === undefined) {
          this.#nowMs = untilMs;
          throw this.#timeout("The awaited condition did not come true", limitMs);
        }
        this.#run(next);
        await this.#settle();
      }
    });
  }

  /**
   * Moves time on until work is done.
   *
   * @param limitMs - Milliseconds of virtual time.
   * @returns What the work returned.
   * @throws What the work threw; {TimeoutError} `TIMEOUT` when it is not done within the limit
   */
  async complete<T>(work: Promise<T>, limitMs: number): Promise<T> {
    let isDone = false;
    const mark = (): void => {
      isDone = true;
    };
    work.then(mark, mark);
    await this.advanceUntil(() => isDone, limitMs);
    return work;
  }

  /**
   * Moves time on until no timer is pending.
   *
   * @param limitMs - Milliseconds of virtual time.
   * @throws {TimeoutError} `TIMEOUT` when timers are still pending at the limit
   */
  async runAll(limitMs: number): Promise<void> {
    await this.advanceUntil(() => this.#timers.size === 0, limitMs);
  }

  /**
   * Moves time on without letting promises run in between: for models that only use callbacks, about twenty times
   * as fast as {@link VirtualClock.advance}.
   */
  advanceSync(byMs: number): void {
    const untilMs = this.#begin(byMs);
    try {
      for (let next = this.#due(untilMs); next !== undefined; next = this.#due(untilMs)) this.#run(next);
      this.#nowMs = untilMs;
    } finally {
      this.#isMoving = false;
    }
  }

  /**
   * Lets time run by itself: it jumps to the next timer as soon as everything has settled. Needs a `settle` that
   * leaves the microtask queue, or nothing else in the process gets a turn.
   *
   * @returns Stops it; resolves when time stands still. Idempotent.
   */
  runFreely(): () => Promise<void> {
    if (this.#isFree) throw softApError("USAGE", "The virtual clock runs freely already");
    this.#isFree = true;
    const running = this.#runWhileFree();
    // A failing timer is reported to whoever stops the clock, not as an unhandled rejection in between.
    running.catch(() => {});
    return () => {
      this.#isFree = false;
      return running;
    };
  }

  async #runWhileFree(): Promise<void> {
    while (this.#isFree) {
      await this.#settle();
      const next = this.#timers.first;
      if (next !== undefined && this.#isFree && !this.#isMoving) this.#run(next);
    }
  }

  async #moving(byMs: number, move: (untilMs: number) => Promise<void>): Promise<void> {
    const untilMs = this.#begin(byMs);
    try {
      await move(untilMs);
    } finally {
      this.#isMoving = false;
    }
  }

  #begin(byMs: number): number {
    if (this.#isMoving) throw softApError("USAGE", "The virtual clock is being moved already");
    if (!(byMs >= 0) || byMs === Infinity)
      throw softApError("USAGE", `The virtual clock cannot be moved by ${byMs} ms`);
    this.#isMoving = true;
    return this.#nowMs + byMs;
  }

  #due(untilMs: number): HeapTimer | undefined {
    const { first } = this.#timers;
    return first !== undefined && first.atMs <= untilMs ? first : undefined;
  }

  #run(timer: HeapTimer): void {
    this.#timers.remove(timer);
    this.#nowMs = timer.atMs;
    timer.callback();
  }

  #timeout(what: string, limitMs: number): TimeoutError {
    const names = this.pending;
    const shown = names.length === 0 ? "none" : names.slice(0, 10).join(", ");
    return new TimeoutError("TIMEOUT", `${what} within ${limitMs} ms; pending timers: ${shown}`, {
      context: { phase: "virtual clock", limitMs },
    });
  }
}

/** The time and timers of a {@link VirtualClock} with a wall clock of its own. */
export class VirtualWallClock implements Clock {
  readonly #clock: VirtualClock;
  #wallOriginMs: number | undefined;

  constructor(clock: VirtualClock, wallMs: number | undefined) {
    this.#clock = clock;
    this.setWall(wallMs);
  }

  /** @inheritdoc */
  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  /** @inheritdoc */
  wallMs(): number | undefined {
    return this.#wallOriginMs === undefined ? undefined : this.#wallOriginMs + this.#clock.monotonicMs();
  }

  /** @inheritdoc */
  after(name: string, delayMs: number, callback: () => void): TimerHandle {
    return this.#clock.after(name, delayMs, callback);
  }

  /** Sets this wall clock alone, or makes it forget the time. */
  setWall(wallMs: number | undefined): void {
    this.#wallOriginMs = wallMs === undefined ? undefined : wallMs - this.#clock.monotonicMs();
  }
}
