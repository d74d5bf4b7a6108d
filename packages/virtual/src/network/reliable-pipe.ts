import type { TimerHandle } from "@softap/ports";
import { virtualLimits } from "../limits.ts";
import type { Route, VirtualHost } from "./host.ts";

/** One direction of a stream: what is lost is sent again, order is kept, and after a while it gives up. */
export class ReliablePipe {
  /** Called once when a piece could not be brought over in time. */
  onBroken: (() => void) | undefined = undefined;
  readonly #from: VirtualHost;
  readonly #route: Route;
  readonly #waiting: (() => void)[] = [];
  #resend: TimerHandle | undefined;
  #resendMs: number = virtualLimits.streamResendMs;
  #giveUpAtMs: number | undefined;
  #isStopped = false;

  constructor(from: VirtualHost, route: Route) {
    this.#from = from;
    this.#route = route;
  }

  /** Brings a piece over; `deliver` runs when it arrived, after everything that was sent before. */
  send(deliver: () => void): void {
    if (this.#isStopped) return;
    this.#waiting.push(deliver);
    if (this.#resend === undefined) this.#flush();
  }

  /** Forgets what has not left yet. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting.length = 0;
    this.#resend?.cancel();
    this.#resend = undefined;
  }

  #flush(): void {
    for (let deliver = this.#waiting[0]; deliver !== undefined; deliver = this.#waiting[0]) {
      const isCarried =
        this.#from.isRouteOpen(this.#route) && this.#route.link.carryPiece(deliver) === "carried";
      if (!isCarried) {
        this.#waitToResend();
        return;
      }
      this.#waiting.shift();
      this.#resendMs = virtualLimits.streamResendMs;
      this.#giveUpAtMs = undefined;
    }
  }

  #waitToResend(): void {
    const { clock } = this.#from.network;
    this.#giveUpAtMs ??= clock.monotonicMs() + virtualLimits.streamGiveUpMs;
    if (clock.monotonicMs() >= this.#giveUpAtMs) {
      this.stop();
      this.onBroken?.();
      return;
    }
    this.#resend = clock.after("stream resend", this.#resendMs, () => {
      this.#resend = undefined;
      this.#flush();
    });
    this.#resendMs = Math.min(2 * this.#resendMs, virtualLimits.maxStreamResendMs);
  }
}
