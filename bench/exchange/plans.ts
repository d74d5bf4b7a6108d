import type { Random } from "@softap/ports";
import { sendTimesMs } from "./our-schedule.ts";

/** When a phone sends its datagram, and when it gives up. All times in milliseconds from the person's tap. */
export interface PhonePlan {
  readonly name: string;
  /** Times of the sends, ascending; drawn anew for every run. */
  readonly sendsMs: (random: Random) => readonly number[];
}

/** `count` sends, the first at `firstMs`, `gapMs` apart. */
function regular(firstMs: number, gapMs: number, count: number): () => readonly number[] {
  const times = Array.from({ length: count }, (_, index) => firstMs + index * gapMs);
  return () => times;
}

/** The four plans that are held against each other. Sources of the vendor's constants: docs/protocol.md, "Timing". */
export const phonePlans: readonly PhonePlan[] = [
  { name: "ours", sendsMs: sendTimesMs },
  { name: "mini program", sendsMs: regular(1000, 2000, 12) },
  { name: "Android", sendsMs: regular(0, 1000, 10) },
  { name: "iOS", sendsMs: regular(2000, 2000, 5) },
];
