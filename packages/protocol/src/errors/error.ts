import { type ErrorBasics, errorBasics } from "./basics.ts";
import { type ErrorCode, errorCodes } from "./codes.ts";

/** What an error carries beside its code and message. Never a secret. */
export interface ErrorDetails {
  readonly cause?: unknown;
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Base of every error that leaves a public function. Compare `code`, never the class: packages may exist twice.
 *
 * The message says what failed, what was received and the limit, and ends with the registry's number: ` (SA2101)`.
 */
export class SoftApError extends Error {
  override readonly name: string;
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(`${message} (${errorBasics[code].number})`, details);
    const { kind } = errorBasics[code];
    this.name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Error`;
    this.code = code;
    this.context = details.context ?? {};
  }

  /** What every side knows of this error; the rest stands in `errorRegistry`. */
  get entry(): ErrorBasics {
    return errorBasics[this.code];
  }
}

/** The peer sent something that cannot be accepted. Never retried blindly. */
export class ProtocolError extends SoftApError {
  declare readonly name: "ProtocolError";
}
/** Radio, association or DHCP; often a typing error of a person. */
export class WifiError extends SoftApError {
  declare readonly name: "WifiError";
}
/** Socket, TLS or name resolution; retried with back-off. */
export class TransportError extends SoftApError {
  declare readonly name: "TransportError";
}
/** The cloud answered "no". The code decides whether to try again. */
export class CloudError extends SoftApError {
  declare readonly name: "CloudError";
}
/** Saved state could not be read or written. */
export class StoreError extends SoftApError {
  declare readonly name: "StoreError";
}
/** A limit passed; `context.phase` and `context.limitMs` say which. */
export class TimeoutError extends SoftApError {
  declare readonly name: "TimeoutError";
}
/** The caller gave up; the signal's reason is the cause. */
export class CanceledError extends SoftApError {
  declare readonly name: "CanceledError";
}
/** The caller made a mistake. */
export class UsageError extends SoftApError {
  declare readonly name: "UsageError";
}
/** An invariant of our own is broken. */
export class InternalError extends SoftApError {
  declare readonly name: "InternalError";
}

const classOf = {
  protocol: ProtocolError,
  wifi: WifiError,
  transport: TransportError,
  cloud: CloudError,
  store: StoreError,
  timeout: TimeoutError,
  canceled: CanceledError,
  usage: UsageError,
  internal: InternalError,
} as const;

/** Makes the error of the class that the registry names for `code`. */
export function softApError(code: ErrorCode, message: string, details: ErrorDetails = {}): SoftApError {
  return new classOf[errorBasics[code].kind](code, message, details);
}

/** Whether a text is a code of the registry, for codes that crossed a wire. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return (errorCodes as readonly unknown[]).includes(text);
}

/** Whether something thrown is one of ours, and of this code when one is given. */
export function isSoftApError(error: unknown, code?: ErrorCode): error is SoftApError {
  return (
    error instanceof Error &&
    "code" in error &&
    isErrorCode(error.code) &&
    "context" in error &&
    (code === undefined || error.code === code)
  );
}

/** Anything thrown as one of ours: what is foreign becomes `INTERNAL` with the original as its cause. */
export function asSoftApError(error: unknown): SoftApError {
  if (isSoftApError(error)) return error;
  return new InternalError("INTERNAL", "An unexpected error happened", { cause: error });
}
