import { type ErrorCode, type SoftApError } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import type { DeviceCredentials } from "@softap/device";
import type { CloudProbe } from "./cloud-probe.ts";
import type { Machine } from "./machine.ts";

/** A text in every language. */
export type Sentence = Readonly<Record<Language, string>>;

/** What a check found. */
export type CheckResult =
  /** @see detail - What was seen. */
  | { readonly state: "ok"; readonly detail: Sentence }
  /** There was nothing to look at; says why. */
  | { readonly state: "skip"; readonly detail: Sentence }
  | {
      /** `warn`: provisioning can work all the same. */
      readonly state: "warn" | "fail";
      /** Gives the text, the action and the exit code. */
      readonly code: ErrorCode;
      /** What was seen. */
      readonly detail?: Sentence;
      /** What to do. @defaultValue the registry's */
      readonly action?: Sentence;
    };

/** What is looked at. */
export interface DoctorSettings {
  readonly wifi: "auto" | "networkmanager" | "wpa" | "virtual";
  /** `undefined` takes the first radio that there is. */
  readonly interfaceName: string | undefined;
  readonly port: number;
  readonly logPort: number;
  /** Port of the page for browsers; `undefined` where it is off. */
  readonly portalPort: number | undefined;
  /** `undefined` when nothing says it. */
  readonly cloudHost: string | undefined;
  readonly mqttPort: number;
  readonly productId: string | undefined;
  readonly deviceName: string | undefined;
  readonly credentials: DeviceCredentials | undefined;
  /** Why the credentials that are named cannot be read. */
  readonly credentialsProblem?: SoftApError;
  /** Where the device keeps its state; `undefined` when nothing says it. */
  readonly stateFolder: string | undefined;
}

/** What every check is given. */
export interface DoctorEnvironment {
  readonly settings: DoctorSettings;
  readonly machine: Machine;
  readonly cloud: CloudProbe;
  /** Wall clock, ms since 1970. */
  readonly nowMs: () => number;
  /** Whether the process runs as root. */
  readonly isRoot: boolean;
}

/** One thing to look at. */
export interface Check {
  /** Name in `--json`, kebab-case. */
  readonly name: string;
  readonly title: Sentence;
  /** Checks without which this one makes no sense. */
  readonly needs?: readonly string[];
  run(environment: DoctorEnvironment): Promise<CheckResult>;
}

/** An error as a finding. */
export function failed(error: SoftApError): CheckResult {
  // A limit of the doctor's own fires as a signal.
  const code = error.code === "CANCELED" ? "TIMEOUT" : error.code;
  return { state: "fail", code, detail: plain(error.message.replace(/ \(SA\d{4}\)$/, "")) };
}

/** A text that reads the same in every language: names, numbers. */
export function plain(text: string): Sentence {
  return { en: text, zh: text };
}

/** A check that found nothing wrong. */
export function ok(detail: Sentence): CheckResult {
  return { state: "ok", detail };
}

/** A check without anything to look at. */
export function skip(detail: Sentence): CheckResult {
  return { state: "skip", detail };
}
