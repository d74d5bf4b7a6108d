import { isSoftApError } from "@softap/protocol";
import type { Check, CheckResult, DoctorEnvironment, Sentence } from "./check.ts";
import { failed, skip } from "./check.ts";

/** A check and what it found. */
export interface Finding {
  readonly check: Check;
  readonly result: CheckResult;
  readonly durationMs: number;
}

/** Who hears of the checks while they run. */
export interface DiagnosisListener {
  begun(check: Check): void;
  found(finding: Finding): void;
}

/**
 * Runs checks one after another. One that needs a failed or skipped one is skipped; a defect of a check is a finding of its own.
 *
 * @param options.signal - When it fires, what is left is skipped.
 */
export async function diagnose(
  checks: readonly Check[],
  environment: DoctorEnvironment,
  options: { listener: DiagnosisListener; signal: AbortSignal },
): Promise<readonly Finding[]> {
  const { listener, signal } = options;
  const findings: Finding[] = [];
  const blocked = new Map<string, Sentence>();
  for (const check of checks) {
    listener.begun(check);
    const fromMs = performance.now();
    const why = (check.needs ?? []).map((name) => blocked.get(name)).find((one) => one !== undefined);
    const result = signal.aborted
      ? skip({ en: "there was no time left", zh: "时间不足" })
      : why === undefined
        ? await run(check, environment)
        : skip(why);
    if (result.state === "skip") blocked.set(check.name, result.detail);
    if (result.state === "fail") blocked.set(check.name, afterFailure(check));
    const finding = { check, result, durationMs: Math.round(performance.now() - fromMs) };
    findings.push(finding);
    listener.found(finding);
  }
  return findings;
}

function afterFailure({ title }: Check): Sentence {
  return { en: `after "${title.en}" failed`, zh: `因“${title.zh}”失败` };
}

async function run(check: Check, environment: DoctorEnvironment): Promise<CheckResult> {
  try {
    return await check.run(environment);
  } catch (error) {
    if (isSoftApError(error)) return failed(error);
    const name = error instanceof Error ? error.name : "unknown";
    return {
      state: "fail",
      code: "INTERNAL",
      detail: { en: `${check.name}: ${name}`, zh: `${check.name}：${name}` },
    };
  }
}
