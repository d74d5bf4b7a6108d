import type { ErrorCode } from "@softap/protocol";
import type { DeviceStep } from "./step.ts";

/** Something that the application may want to know. */
export type DeviceEvent =
  /** The server of a session, or of log mode, listens. */
  | { readonly type: "listening"; readonly purpose: "provisioning" | "log"; readonly port: number }
  | { readonly type: "step"; readonly step: DeviceStep }
  /** The cloud accepted the token; `isConfirmed` once it said that the binding to the owner is complete. */
  | { readonly type: "bound"; readonly isConfirmed: boolean }
  | { readonly type: "unbound" }
  /** The MQTT session is open. */
  | { readonly type: "connected" }
  | { readonly type: "disconnected" }
  | {
      readonly type: "sessionEnded";
      /** `joined`: the phone gave no token, so keeping the network was all there was to do. */
      readonly result: "bound" | "joined" | "failed" | "stopped";
      /** Why, when it failed. */
      readonly code?: ErrorCode;
    }
  | { readonly type: "logModeEnded" };

/** Takes events. What it throws is logged and goes no further. */
export type DeviceEventListener = (event: DeviceEvent) => void;
