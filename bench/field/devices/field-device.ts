import type { VirtualHost, VirtualSegment } from "@softap/virtual";
import type { FieldWorld } from "../field-world.ts";

/** A device in the field: it can be switched on and lose its power. */
export interface FieldDevice {
  /** The computer of this boot. */
  readonly host: VirtualHost;
  /** Where it meets phones in this boot. */
  readonly softApSegment: VirtualSegment | undefined;
  /** Whether it is done with what it was told: nothing that the cloud hears later comes from this run. */
  readonly isOver: boolean;
  boot(): void;
  cutPower(): void;
}

/** One column of the matrix. */
export interface DeviceKind {
  readonly name: string;
  /** Makes one, switched off. */
  readonly create: (world: FieldWorld) => FieldDevice;
}
