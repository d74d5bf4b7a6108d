import type { Clock } from "@softap/ports";

const nextTurn: Promise<void> = Promise.resolve();

/** One direction of a connection: what goes in comes out in order, a latency later. Latency 0 needs no clock. */
export class Lane {
  readonly #clock: Clock;
  readonly #latencyMs: () => number;
  #lastArrivalMs = 0;
  #onTheWay = 0;

  constructor(clock: Clock, latencyMs: () => number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  /** Runs `arrive` when it has come through; never within the call. */
  carry(arrive: () => void): void {
    const nowMs = this.#clock.monotonicMs();
    const latencyMs = this.#latencyMs();
    if (latencyMs === 0 && this.#onTheWay === 0) {
      void nextTurn.then(arrive);
      return;
    }
    this.#lastArrivalMs = Math.max(nowMs + latencyMs, this.#lastArrivalMs);
    this.#onTheWay += 1;
    this.#clock.after("message arrival", this.#lastArrivalMs - nowMs, () => {
      this.#onTheWay -= 1;
      arrive();
    });
  }
}
