import type { ProvisioningStep } from "@softap/phone";
import type { AddTexts } from "../texts/texts.ts";

/** What a person follows, in order. */
export const stages = ["join", "send", "network", "cloud", "bind"] as const;
type Stage = (typeof stages)[number];

/** How far a provisioning is. */
export interface Progress {
  readonly stage: Stage;
  /** `waiting`: it is not known how it ended. */
  readonly ending: "none" | "bound" | "failed" | "waiting";
  /** Whether the phone is on its way back to its own network. */
  readonly isGoingBack: boolean;
}

/** Before the first step. */
export const noProgress: Progress = { stage: "join", ending: "none", isGoingBack: false };

/** One line of the progress page. */
export interface ProgressRow {
  readonly stage: Stage;
  readonly title: string;
  readonly state: "todo" | "active" | "done" | "failed" | "waiting";
}

/**
 * How far it is after a step. Within an attempt it never goes back; another attempt begins with sending.
 */
export function progressAfter(before: Progress, step: ProvisioningStep): Progress {
  const progress = { ...before, isGoingBack: false };
  switch (step.name) {
    case "createToken":
    case "joinSoftAp":
    case "previousError":
      return before;
    case "sendCredentials":
      return step.sends === 1 ? { ...progress, stage: "send", ending: "none" } : before;
    case "deviceAnswered":
      return reaching(progress, "network");
    case "deviceProgress":
      if (step.phase === "bound") return reaching(progress, "bind");
      // A device that failed says why in a step of its own.
      if (step.phase === "received" || step.phase === "joining" || step.phase === "failed")
        return reaching(progress, "network");
      return reaching(progress, "cloud");
    case "deviceFailed":
      return { ...progress, ending: "failed" };
    case "restoreNetwork":
      return { ...before, isGoingBack: true };
    case "askCloud":
      return step.state === 2 ? reaching(progress, "bind") : before;
    case "bindFamily":
      return reaching(progress, "bind");
    case "verdict": {
      if (step.verdict === "bound") return { ...progress, stage: "bind", ending: "bound" };
      return { ...progress, ending: step.verdict === "failed" ? "failed" : "waiting" };
    }
  }
}

/** The lines of the progress page. */
export function progressRows(progress: Progress, t: AddTexts["progress"]): readonly ProgressRow[] {
  const reached = stages.indexOf(progress.stage);
  return stages.map((stage, index) => ({ stage, title: t.rows[stage], state: stateOf(index - reached) }));

  function stateOf(ahead: number): ProgressRow["state"] {
    if (ahead < 0 || progress.ending === "bound") return "done";
    if (ahead > 0) return "todo";
    return progress.ending === "none" ? "active" : progress.ending;
  }
}

function reaching(progress: Progress, stage: Stage): Progress {
  const isAhead = stages.indexOf(stage) > stages.indexOf(progress.stage);
  return isAhead ? { ...progress, stage } : progress;
}
