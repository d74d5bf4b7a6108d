import type { CancelSignal } from "@softap/ports";

/** What the station asks of the soft AP on the same radio. */
export interface SoftApRole {
  /** Whether the soft AP is up on a radio with one role at a time: nothing can be scanned then. */
  readonly holdsRadio: boolean;
  /** Frees the radio for good, where it has one role at a time: whoever wants the soft AP back starts it again. */
  makeRoom(call: { signal: CancelSignal }): Promise<void>;
  /** Moves to the router's channel; where the country forbids that, makes room for the time of the join. */
  follow(channel: number, call: { signal: CancelSignal }): Promise<void>;
  /** Comes back after a join that failed, where {@link SoftApRole.follow} had made room. */
  resume(): Promise<void>;
}
