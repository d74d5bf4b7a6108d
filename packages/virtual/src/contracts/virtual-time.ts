import { TimeoutError } from "@softap/protocol";
import type { VirtualClock } from "../clock.ts";
import type { PassingTime } from "./world.ts";

/** Time for a contract suite that passes as fast as the virtual clock can be moved, up to ten minutes. */
export function virtualTime(clock: VirtualClock): PassingTime {
  let isMoving = false;
  return {
    async until(condition) {
      // A look a millisecond apart, as a suite in real time has them, even when no timer is pending.
      for (let look = 0; !condition(); look += 1) {
        if (look > 600_000)
          throw new TimeoutError(
            "TIMEOUT",
            `Not within ten virtual minutes; pending timers: ${clock.pending.join(", ")}`,
          );
        if (isMoving) {
          await clock.settle();
          continue;
        }
        isMoving = true;
        await clock.advance(1);
        isMoving = false;
      }
    },
  };
}
