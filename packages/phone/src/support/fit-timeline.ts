import { utf8Length } from "@softap/protocol";
import type { Timeline, TimelineEntry } from "./timeline.ts";

/** As much of a {@link Timeline} as fits, in the order of time. */
export interface FittedTimeline {
  readonly isAligned: boolean;
  /** How many entries did not fit. */
  readonly leftOut: { readonly phone: number; readonly device: number };
  readonly timeline: readonly TimelineEntry[];
}

/** What a line of text has beside the entry's own: time, side, blanks and its end. JSON needs more, which is measured. */
const lineBytes = 32;

/**
 * Keeps what fits: the newest steps of the phone first, because they are few and tell the verdict, then the newest lines of
 * the device.
 *
 * @param options.clean - Takes secrets out of a text and bounds its length.
 * @param options.bytes - Room for all entries, as text and as JSON.
 */
export function fitTimeline(
  timeline: Timeline,
  options: { readonly clean: (text: string) => string; readonly bytes: number },
): FittedTimeline {
  let leftBytes = options.bytes;
  const newest = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] => {
    const kept: TimelineEntry[] = [];
    for (const entry of entries.toReversed()) {
      const clean = { ...entry, text: options.clean(entry.text) };
      const bytes = Math.max(utf8Length(JSON.stringify(clean)) + 1, utf8Length(clean.text) + lineBytes);
      if (bytes > leftBytes) break;
      leftBytes -= bytes;
      kept.push(clean);
    }
    return kept.toReversed();
  };
  const phone = newest(timeline.phone);
  const device = newest(timeline.device);
  const { isAligned } = timeline;
  return {
    isAligned,
    leftOut: { phone: timeline.phone.length - phone.length, device: timeline.device.length - device.length },
    // The sort keeps the order of equals. Two clocks that are not tied must not be mixed.
    timeline: isAligned ? [...phone, ...device].toSorted((a, b) => a.atMs - b.atMs) : [...phone, ...device],
  };
}
