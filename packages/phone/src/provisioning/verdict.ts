import { type ErrorCode, type SoftApError, softApError } from "@softap/protocol";
import type { ProvisioningStep } from "./progress.ts";
import type { Ending, Link } from "./state.ts";

/** An error that the device remembered from before this session; it says nothing about this one. */
export interface PreviousError {
  readonly code: ErrorCode;
  /** The vendor's text with its two numbers. */
  readonly log: string;
}

/** What every verdict tells. */
export interface Outcome {
  /** From `provision()` to the verdict, milliseconds. */
  readonly elapsedMs: number;
  /** Credentials tried; 0 when none were sent. */
  readonly attempts: number;
  /** 8 hex digits of the last attempt, found again in the logs of device and cloud. */
  readonly trace: string;
  /** For telemetry. */
  readonly previousErrors: readonly PreviousError[];
  /** `productId/deviceName`, when the device or the cloud told it. */
  readonly deviceId: string | undefined;
}

/** The device is on the network and belongs to the family. */
export interface BoundVerdict extends Outcome {
  readonly verdict: "bound";
  readonly deviceId: string;
  readonly productId: string;
  readonly deviceName: string;
  readonly familyId: string;
  readonly roomId: string;
}

/** It is certain that the device was not bound, or the caller gave up (`CANCELED`; the device may go on by itself). */
export interface FailedVerdict extends Outcome {
  readonly verdict: "failed";
  readonly code: ErrorCode;
  readonly error: SoftApError;
  readonly retry: "yes" | "no" | "input";
}

/** Contact was lost and the cloud did not hear of the device before the deadline: it may be bound later. */
export interface UnknownVerdict extends Outcome {
  readonly verdict: "unknown";
  readonly code: "VERDICT_UNKNOWN";
  /** Its cause is what stood in the way last, such as an unreachable cloud. */
  readonly error: SoftApError;
  /** The last step before the verdict. */
  readonly lastStep: ProvisioningStep | undefined;
}

/** How a provisioning ended. */
export type Verdict = BoundVerdict | FailedVerdict | UnknownVerdict;

/** Makes the verdict of an ending. */
export function verdictOf(
  ending: Ending,
  known: Pick<Outcome, "elapsedMs" | "trace" | "previousErrors"> & {
    readonly link: Pick<Link, "attempt" | "device"> | undefined;
    readonly lastStep: ProvisioningStep | undefined;
    readonly cloud: { readonly familyId: string; readonly roomId: string };
  },
): Verdict {
  const { link = { attempt: 0, device: {} }, lastStep, cloud, ...times } = known;
  const { productId, deviceName } = link.device;
  const deviceId = productId === undefined ? undefined : `${productId}/${deviceName}`;
  const outcome = { ...times, attempts: link.attempt, deviceId };
  switch (ending.verdict) {
    case "bound": {
      const { device } = ending;
      const { familyId, roomId } = cloud;
      return {
        ...outcome,
        verdict: "bound",
        deviceId: `${device.productId}/${device.deviceName}`,
        ...device,
        familyId,
        roomId,
      };
    }
    case "failed": {
      const { error, retry } = ending;
      return { ...outcome, verdict: "failed", code: error.code, error, retry };
    }
    case "unknown": {
      const code = "VERDICT_UNKNOWN";
      const error = softApError(code, "The device may still be bound", {
        cause: ending.cause,
      });
      return { ...outcome, verdict: "unknown", code, error, lastStep };
    }
  }
}
