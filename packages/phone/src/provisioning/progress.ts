import type { ErrorCode, Phase } from "@softap/protocol";

/**
 * What happened, for people and telemetry. Numbers follow the guide (step 2 is the device's own); a step lasts until the next one.
 */
export type ProvisioningStep = {
  /** Milliseconds since `provision()`. */
  readonly atMs: number;
} & StepDetails;

/** A {@link ProvisioningStep} without its time. */
export type StepDetails =
  | { readonly number: 1; readonly name: "createToken" }
  | { readonly number: 3; readonly name: "joinSoftAp" }
  /** One per datagram: `sends` counts them within the attempt, from 1. */
  | {
      readonly number: 4;
      readonly name: "sendCredentials";
      readonly attempt: number;
      readonly sends: number;
      readonly trace: string;
    }
  | {
      readonly number: 5;
      readonly name: "deviceAnswered";
      readonly attempt: number;
      readonly sends: number;
      readonly protoVersion: string;
      readonly productId: string | undefined;
      readonly deviceName: string | undefined;
    }
  /** From before this session: telemetry only. */
  | {
      readonly number: 5;
      readonly name: "previousError";
      readonly code: ErrorCode;
      readonly log: string;
    }
  /** Only devices of ours tell it. */
  | {
      readonly number: 6;
      readonly name: "deviceProgress";
      readonly attempt: number;
      readonly phase: Phase;
    }
  | {
      readonly number: 6;
      readonly name: "deviceFailed";
      readonly attempt: number;
      readonly code: ErrorCode;
      readonly retry: "yes" | "no" | "input";
    }
  | { readonly number: 7; readonly name: "restoreNetwork" }
  /** One whenever the answer changed: `state` of the token, or the `code` of what went wrong. */
  | {
      readonly number: 8;
      readonly name: "askCloud";
      readonly asked: number;
      readonly state?: number;
      readonly code?: ErrorCode;
    }
  | {
      readonly number: 9;
      readonly name: "bindFamily";
      readonly attempt: number;
      readonly deviceId: string;
    }
  | {
      readonly number: 10;
      readonly name: "verdict";
      readonly verdict: "bound" | "failed" | "unknown";
      readonly code?: ErrorCode;
    };

/** Name of a {@link ProvisioningStep}. */
export type StepName = StepDetails["name"];
