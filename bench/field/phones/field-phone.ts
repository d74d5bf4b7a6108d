import type { FieldWorld } from "../field-world.ts";

/** What a person was told, and when. */
export interface PhoneVerdict {
  readonly verdict: "bound" | "failed" | "unknown";
  /** From the person's tap, milliseconds. */
  readonly elapsedMs: number;
  /** Why, where it is not bound. */
  readonly reason: string;
}

/** One row of a condition's table. */
export interface PhoneKind {
  readonly name: string;
  readonly provision: (world: FieldWorld) => Promise<PhoneVerdict>;
}
