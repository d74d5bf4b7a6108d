import type { ProvisioningStep, Verdict } from "@softap/phone";
import type { FailureView } from "../failure-view.ts";

/** What a person sends to support: no network name and no secret is among it. */
export function reportText(
  failure: FailureView,
  known: {
    readonly verdict: Verdict;
    readonly steps: readonly ProvisioningStep[];
    readonly deviceLog: string;
  },
): string {
  const { verdict, steps, deviceLog } = known;
  const { trace, attempts, elapsedMs, deviceId = "unknown" } = verdict;
  return [
    `${failure.number} ${failure.code}: ${failure.text}`,
    `trace ${trace}, device ${deviceId}, attempts ${attempts}, ${seconds(elapsedMs)}`,
    "",
    ...steps.map(({ atMs, number, name, ...details }) =>
      `${seconds(atMs)} step ${number} ${name} ${JSON.stringify(details)}`.replace(/ \{\}$/, ""),
    ),
    ...(deviceLog === "" ? [] : ["", "device log:", deviceLog.trimEnd()]),
    "",
  ].join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
