import type { PassingTime } from "@softap/virtual/contracts";
import type { VirtualClock } from "@softap/virtual";

/** Time for a contract suite that passes as fast as the virtual clock can be moved, up to ten minutes. */
export function virtualTime(clock: VirtualClock): PassingTime {
  let isMoving = false;
  return {
    async until(condition) {
      // A look a millisecond apart, as a suite in real time has them, even when no timer is pending.
      for (let look = 0; !condition(); look += 1) {
        if (look > 600_000)
          throw new Error(`Not within ten virtual minutes; pending: ${clock.pending.join(", ")}`);
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
