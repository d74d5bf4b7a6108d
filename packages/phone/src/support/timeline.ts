import type { ProvisioningStep } from "../provisioning/progress.ts";

/** One line of the story. */
export interface TimelineEntry {
  /** Milliseconds since `provision()`; of a device whose clock could not be tied to the phone's, since its start. */
  readonly atMs: number;
  readonly from: "phone" | "device";
  readonly text: string;
}

/** What happened, on both sides. */
export interface Timeline {
  readonly phone: readonly TimelineEntry[];
  readonly device: readonly TimelineEntry[];
  /** Whether the device's lines carry the phone's time. */
  readonly isAligned: boolean;
}

/**
 * Puts the phone's steps and the device's log on one clock.
 *
 * They are tied where both know the same moment: the device's line that names the trace of the last attempt or says that it
 * received credentials, and the phone's step that the device answered. Devices of other makers tell neither: they keep their
 * own clock.
 */
export function timelineOf(steps: readonly ProvisioningStep[], deviceLog: string, trace: string): Timeline {
  const lines = readLines(deviceLog);
  const heard = lines.findLast(
    ({ text }) => (trace !== "" && text.includes(trace)) || receivedLine.test(text),
  );
  const answered =
    steps.findLast(({ name }) => name === "deviceAnswered") ??
    steps.findLast(({ name }) => name === "sendCredentials");
  const offsetMs = heard !== undefined && answered !== undefined ? answered.atMs - heard.atMs : undefined;
  return {
    phone: steps.map((step) => ({ atMs: step.atMs, from: "phone", text: textOfStep(step) })),
    device: lines.map(({ atMs, text }) => ({ atMs: atMs + (offsetMs ?? 0), from: "device", text })),
    isAligned: offsetMs !== undefined,
  };
}

/** As devices of ours log it. */
const receivedLine = /\bname=credentialsReceived\b/;

function textOfStep(step: ProvisioningStep): string {
  const { number, name } = step;
  const fields = Object.entries(step).filter(
    ([field, value]) => value !== undefined && !["atMs", "number", "name"].includes(field),
  );
  return [`${number} ${name}`, ...fields.map(([field, value]) => `${field}=${String(value)}`)].join(" ");
}

/** A line without a time happened when the one before it did. */
function readLines(deviceLog: string): readonly { readonly atMs: number; readonly text: string }[] {
  let atMs = 0;
  return deviceLog
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, digits, text = line.trim()] = /^\s*(\d{1,15})\|(.*?)\s*$/.exec(line) ?? [];
      if (digits !== undefined) atMs = Number(digits);
      return { atMs, text };
    });
}
