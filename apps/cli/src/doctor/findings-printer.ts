import { errorRegistry } from "@softap/protocol";
import { errorTexts, type Language } from "@softap/protocol/texts";
import { formatDuration, padColumns } from "../reporter/lines.ts";
import type { Check } from "./check.ts";
import type { DiagnosisListener, Finding } from "./diagnose.ts";

/** Marks at the beginning of the lines. */
const marks = { ok: "ok  ", skip: "skip", warn: "WARN", fail: "FAIL" } as const;

/** Columns for titles, and where what follows them begins. */
const titleColumns = 25;
const indent = " ".repeat(titleColumns + 6);

/** A check that takes longer is named while it runs, ms. */
const patienceMs = 1_000;

/** Back to the beginning of the line, and its rest away. */
const eraseLine = "\r\u001B[K";

/** Where findings are printed. */
export interface PrinterOptions {
  readonly language: Language;
  readonly isJson: boolean;
  /** Takes text for standard output. */
  readonly write: (text: string) => void;
  /** Takes the name of a check that takes its time; `undefined` where nobody watches. */
  readonly writeProgress: ((text: string) => void) | undefined;
}

/** Tells findings as they come: a line each, or a JSON object each. */
export class FindingsPrinter implements DiagnosisListener {
  readonly #options: PrinterOptions;
  #patience: NodeJS.Timeout | undefined;
  #isNamed = false;

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  begun(check: Check): void {
    const { language, writeProgress } = this.#options;
    if (writeProgress === undefined) return;
    this.#patience = setTimeout(() => {
      this.#isNamed = true;
      writeProgress(`...   ${check.title[language]}`);
    }, patienceMs);
  }

  found(finding: Finding): void {
    clearTimeout(this.#patience);
    if (this.#isNamed) this.#options.writeProgress?.(eraseLine);
    this.#isNamed = false;
    this.#options.write(this.#options.isJson ? this.#json(finding) : this.#lines(finding));
  }

  /** The last line. */
  finished(findings: readonly Finding[], elapsedMs: number): void {
    const { language, isJson, write } = this.#options;
    const count = (state: Finding["result"]["state"]): number =>
      findings.filter(({ result }) => result.state === state).length;
    const [fails, warnings] = [count("fail"), count("warn")];
    if (isJson) {
      const verdict = fails > 0 ? "fail" : warnings > 0 ? "warn" : "ok";
      const counts = { ok: count("ok"), warned: warnings, failed: fails, skipped: count("skip") };
      write(
        `${JSON.stringify({ event: "finished", verdict, ...counts, elapsedMs: Math.round(elapsedMs) })}\n`,
      );
      return;
    }
    const duration = formatDuration(elapsedMs);
    write(
      language === "zh"
        ? `\n${fails} 项失败，${warnings} 项警告（${duration}）\n`
        : `\n${fails} failed, ${warnings} to look at (${duration})\n`,
    );
  }

  #lines({ check, result }: Finding): string {
    const { language } = this.#options;
    const head = `${marks[result.state]}  ${padColumns(check.title[language], titleColumns)}`;
    if (result.state === "ok" || result.state === "skip") return `${head}${result.detail[language]}\n`;
    const { code, detail, action } = result;
    const [text, standardAction] = errorTexts[code][language];
    const beside = detail === undefined ? "" : `: ${detail[language]}`;
    return `${head}${text}${beside} (${errorRegistry[code].number})\n${indent}→ ${action?.[language] ?? standardAction}\n`;
  }

  #json({ check, result, durationMs }: Finding): string {
    const { language } = this.#options;
    const line = {
      event: "check",
      name: check.name,
      state: result.state,
      detail: result.detail?.[language] ?? null,
    };
    if (result.state === "ok" || result.state === "skip")
      return `${JSON.stringify({ ...line, durationMs })}\n`;
    const { code, action } = result;
    const [text, standardAction] = errorTexts[code][language];
    const error = {
      code,
      number: errorRegistry[code].number,
      text,
      action: action?.[language] ?? standardAction,
    };
    return `${JSON.stringify({ ...line, error, durationMs })}\n`;
  }
}
