import { sendGapsWithin } from "@softap/phone";
import type { Random } from "@softap/ports";

/** Times of our phone's sends within the guide's 10 s, from the code that ships. */
export function sendTimesMs(random: Random): readonly number[] {
  const times = [0];
  for (const gapMs of sendGapsWithin(10_000, "default", random)) times.push((times.at(-1) ?? 0) + gapMs);
  return times;
}
