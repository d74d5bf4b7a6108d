import type { Failure } from "../failure.ts";
import type { DeviceStepName } from "../step.ts";
import type { ProvisioningState } from "./state.ts";

/** A step that a change of state stands for. */
export interface NamedStep {
  readonly name: DeviceStepName;
  readonly failure?: Failure;
}

/** What a change of state means to people. */
export function stepsOf(state: ProvisioningState, previous: ProvisioningState): readonly NamedStep[] {
  switch (state.name) {
    case "saving":
      return isNewAttempt(state, previous) ? [{ name: "credentialsReceived" }] : [];
    case "joining":
      // Another try of the same join is no news to people.
      return previous.name === "joining" ? [] : [{ name: "joiningNetwork" }];
    case "binding":
      if (previous.name === "binding" && previous.phase === state.phase) return [];
      return [{ name: stepOfPhase[state.phase] }];
    case "keeping":
      if (previous.name === "keeping") return [];
      return [{ name: "isNetworkOnly" in state ? "networkJoined" : "tokenAccepted" }];
    case "bound":
      if (previous.name === "bound") return [];
      return [{ name: "isNetworkOnly" in state ? "networkKept" : "bound" }];
    case "reopening":
      return previous.name === "reopening" ? [] : [{ name: "attemptFailed", failure: state.failed.failure }];
    case "advertising":
      return hasFailed(state, previous) ? [{ name: "attemptFailed", failure: state.failed.failure }] : [];
    case "closed": {
      const { result } = state;
      return [
        result.type === "failed"
          ? { name: "sessionEnded", failure: result.failure }
          : { name: "sessionEnded" },
      ];
    }
    case "leaving":
    case "reloading":
      return [];
  }
}

const stepOfPhase = {
  joined: "networkJoined",
  registering: "registering",
  connecting: "connecting",
  reporting: "reportingToken",
} as const;

function isNewAttempt(state: { attempt: number }, previous: ProvisioningState): boolean {
  return !("attempt" in previous) || previous.attempt !== state.attempt;
}

function hasFailed(
  state: Extract<ProvisioningState, { name: "advertising" }>,
  previous: ProvisioningState,
): state is typeof state & { failed: NonNullable<(typeof state)["failed"]> } {
  return state.failed !== undefined && previous.name !== "advertising" && previous.name !== "reopening";
}
