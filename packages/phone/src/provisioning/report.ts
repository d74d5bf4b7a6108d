import type { StepDetails } from "./progress.ts";
import type { Input, State } from "./state.ts";

/** What people are told of one step of the machine; sends, questions and the like are told where they are done. */
export function reportOf(
  change: { readonly previous: State; readonly state: State; readonly event: Input },
  sends: number,
): readonly StepDetails[] {
  const { previous, state, event } = change;
  if (event.type !== "replyReceived") return [];
  const { reply } = event;
  if (!("link" in previous)) return [];
  const { attempt } = previous.link;
  if (reply.type === "error") {
    const hasEnded = state.name === "askingPerson" || state.name === "finished";
    if (!hasEnded) return [];
    return [{ number: 6, name: "deviceFailed", attempt, code: reply.code, retry: reply.retry }];
  }
  if (state.name !== "following") return [];
  const told: StepDetails[] = [];
  if (previous.name !== "following") {
    const { productId, deviceName } = state.link.device;
    told.push({
      number: 5,
      name: "deviceAnswered",
      attempt,
      sends,
      protoVersion: reply.type === "info" ? reply.protoVersion : reply.type === "joined" ? "3.0" : "1.0",
      productId,
      deviceName,
    });
  }
  const before = previous.name === "following" ? previous.phase : undefined;
  if (state.phase !== undefined && state.phase !== before)
    told.push({ number: 6, name: "deviceProgress", attempt, phase: state.phase });
  return told;
}
