import {
  displayBytes,
  encodeUtf8,
  type ErrorCode,
  isSoftApError,
  type Secret,
  UsageError,
  utf8Length,
} from "@softap/protocol";
import { personLimits } from "../person/limits.ts";
import type { ProvisioningStep } from "../provisioning/progress.ts";
import type { Verdict } from "../provisioning/verdict.ts";
import { redaction } from "./redaction.ts";
import { fitTimeline, type FittedTimeline } from "./fit-timeline.ts";
import { timelineOf } from "./timeline.ts";

/** What goes into a bundle, and what must not come out of it. */
export interface SupportBundleOptions {
  readonly verdict: Verdict;
  /** Every step that `provision()` told. */
  readonly steps: readonly ProvisioningStep[];
  /** What `readDeviceLog()` gave. */
  readonly deviceLog?: string;
  /** Every passphrase, proof and token that the app had in hand, at most 32: they are taken out wherever they stand. */
  readonly secrets: readonly Secret[];
  /** Names of networks, which are personal: they are taken out as well. */
  readonly networks?: readonly (string | Uint8Array)[];
  /** What else helps, such as `{ app: "1.2.0", phone: "Pixel 9" }`. At most 8 are told. */
  readonly about?: Readonly<Record<string, string>>;
  /** Largest size of the text and of the JSON, bytes, 16 384 or more. @defaultValue 65 536 */
  readonly maxBytes?: number;
}

/** One attempt's story for those who help. It holds no secret, and names no network. */
export interface SupportBundle {
  /** 8 hex digits; found again in the logs of device and cloud. */
  readonly trace: string;
  /** Such as `softap-1a2b3c4d`; the ending is the caller's. */
  readonly fileName: string;
  /** For people. */
  readonly text: string;
  /** For programs: one object. */
  readonly json: string;
}

/**
 * Puts together what happened on the phone and on the device, in the order of time and under one trace. What does not fit is
 * left out and counted: the oldest lines of the device first, then the oldest steps.
 *
 * Foreign devices may log what nobody expects: beside the given secrets, whatever looks like a passphrase, a key, a network's
 * name, a MAC address or an e-mail address is taken out. Let the person read the text before it is sent.
 *
 * @throws {@link UsageError} `USAGE` when `maxBytes` is too small or there are too many secrets
 */
export function supportBundle(options: SupportBundleOptions): SupportBundle {
  const { verdict, steps, deviceLog = "", secrets, networks = [], about = {} } = options;
  const { supportBundleBytes, minSupportBundleBytes, maxKnownSecrets, maxSupportErrors } = personLimits;
  const { maxBytes = supportBundleBytes } = options;
  if (!(maxBytes >= minSupportBundleBytes))
    throw new UsageError("USAGE", `maxBytes is ${maxBytes}, at least ${minSupportBundleBytes} are needed`);
  if (secrets.length > maxKnownSecrets)
    throw new UsageError(
      "USAGE",
      `There are ${secrets.length} secrets, at most ${maxKnownSecrets} are allowed`,
    );

  const { trace, deviceId } = verdict;
  const redact = redaction({ secrets, names: networks, harmless: [deviceId ?? ""] });
  const clean = (text: string): string => clip(printable(redact(text)));
  const head = {
    format: "softap-support-1",
    trace,
    verdict: verdict.verdict,
    ...(verdict.verdict === "bound" ? {} : { code: verdict.code }),
    deviceId: clean(deviceId ?? "unknown"),
    attempts: verdict.attempts,
    elapsedMs: verdict.elapsedMs,
    about: Object.fromEntries(
      Object.entries(about)
        .slice(0, maxSupportErrors)
        .map(([name, value]) => [clean(name), clean(value)]),
    ),
    errors: verdict.verdict === "bound" ? [] : errorsOf(verdict.error).map(clean),
    previousErrors: verdict.previousErrors
      .slice(0, maxSupportErrors)
      .map(({ code, log }) => ({ code, log: clean(log) })),
  };
  const timeline = timelineOf(steps, deviceLog, trace);
  const withText = (fitted: FittedTimeline): string => textOf(head, fitted);
  const withJson = (fitted: FittedTimeline): string => JSON.stringify({ ...head, ...fitted });
  const empty: FittedTimeline = {
    isAligned: timeline.isAligned,
    leftOut: { phone: timeline.phone.length, device: timeline.device.length },
    timeline: [],
  };
  const fitted = fitTimeline(timeline, {
    clean,
    bytes: maxBytes - Math.max(utf8Length(withText(empty)), utf8Length(withJson(empty))),
  });
  return { trace, fileName: `softap-${trace}`, text: withText(fitted), json: withJson(fitted) };
}

/** What a bundle says beside its timeline. */
interface Head {
  readonly trace: string;
  readonly verdict: Verdict["verdict"];
  readonly code?: ErrorCode;
  readonly deviceId: string;
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly about: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
  readonly previousErrors: readonly { readonly code: ErrorCode; readonly log: string }[];
}

function textOf(head: Head, { timeline, isAligned, leftOut }: FittedTimeline): string {
  const hasDevice = leftOut.device > 0 || timeline.some(({ from }) => from === "device");
  const lines = [
    `trace     ${head.trace}`,
    `verdict   ${head.verdict}${head.code === undefined ? "" : ` ${head.code}`}`,
    `device    ${head.deviceId}`,
    `attempts  ${head.attempts}, ${head.elapsedMs} ms`,
    ...Object.entries(head.about).map(([name, value]) => `about     ${name}: ${value}`),
    ...head.errors.map((error) => `error     ${error}`),
    ...head.previousErrors.map(({ code, log }) => `previous  ${code} ${log}`),
    ...(hasDevice && !isAligned ? ["clock     the device's times are its own, since its start"] : []),
    `left out  ${leftOut.phone} steps, ${leftOut.device} lines of the device`,
    "",
    ...timeline.map(lineOfEntry),
  ];
  return `${lines.join("\n")}\n`;
}

/** One line of the text, without its end. */
function lineOfEntry({ atMs, from, text }: FittedTimeline["timeline"][number]): string {
  return `${String(atMs).padStart(8)} ms  ${from.padEnd(6)}  ${text}`;
}

/** An error and what caused it. */
function errorsOf(error: Error): readonly string[] {
  const told: string[] = [];
  let next: unknown = error;
  while (next instanceof Error && told.length < personLimits.maxSupportErrors) {
    const fields = isSoftApError(next)
      ? Object.entries(next.context).map(([name, value]) => ` ${name}=${String(value)}`)
      : [];
    told.push(`${isSoftApError(next) ? next.code : next.name}: ${next.message}${fields.join("")}`);
    next = next.cause;
  }
  return told;
}

/** Nothing in it moves a terminal's cursor. */
function printable(text: string): string {
  return displayBytes(encodeUtf8(text));
}

/** Clipped after the secrets are out: half a secret would not be found any more. */
function clip(text: string): string {
  const characters = Array.from(text);
  const { maxSupportTextLength } = personLimits;
  if (characters.length <= maxSupportTextLength) return text;
  return `${characters.slice(0, maxSupportTextLength - 1).join("")}…`;
}
