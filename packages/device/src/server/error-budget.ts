import type { Clock } from "@softap/ports";

/** How many error replies a peer may cause: a few at once, then one per interval. Junk must not make the device a sprinkler. */
export class ErrorBudget {
  readonly #clock: Clock;
  readonly #limits: { readonly errorBurst: number; readonly errorEveryMs: number; readonly maxPeers: number };
  readonly #peers = new Map<string, { tokens: number; atMs: number }>();

  constructor(
    clock: Clock,
    limits: { readonly errorBurst: number; readonly errorEveryMs: number; readonly maxPeers: number },
  ) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Takes one error reply from the peer's budget; `false` when there is none left. */
  take(address: string): boolean {
    const { errorBurst, errorEveryMs, maxPeers } = this.#limits;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#peers.get(address) ?? { tokens: errorBurst, atMs: nowMs };
    const tokens = Math.min(errorBurst, known.tokens + (nowMs - known.atMs) / errorEveryMs);
    // Put at the end again: the map keeps the order of use, and the peer that was silent longest goes first.
    this.#peers.delete(address);
    this.#peers.set(address, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs });
    for (const oldest of this.#peers.keys()) {
      if (this.#peers.size <= maxPeers) break;
      this.#peers.delete(oldest);
    }
    return tokens >= 1;
  }
}
