import type { Outcome, ReportFields, Reporter, ReporterOptions, StepHandle } from "./reporter.ts";

/** One JSON object per line, nothing else: for programs. */
export class JsonReporter implements Reporter {
  readonly #options: ReporterOptions;
  readonly #startedMs: number;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#startedMs = options.nowMs();
  }

  step(...[actor, step]: Parameters<Reporter["step"]>): StepHandle {
    const begunMs = this.#options.nowMs();
    let isOpen = true;
    const write = (state: string, fields: ReportFields = {}): void => {
      const durationMs = state === "begun" ? {} : { durationMs: this.#since(begunMs) };
      this.#line({
        event: "step",
        actor,
        step,
        state,
        atMs: this.#since(this.#startedMs),
        ...durationMs,
        ...fields,
      });
    };
    const end = (state: string, fields?: ReportFields): void => {
      if (isOpen) write(state, fields);
      isOpen = false;
    };
    write("begun");
    return {
      progress: (_detail, fields) => {
        if (isOpen) write("progress", fields);
      },
      done: (_detail, fields) => end("done", fields),
      failed: (failure, fields) => end("failed", { ...fields, error: failure.code, number: failure.number }),
    };
  }

  fact(...[event, , fields]: Parameters<Reporter["fact"]>): void {
    this.#line({ event, ...fields });
  }

  async settled(): Promise<void> {}

  async finished(outcome: Outcome): Promise<void> {
    this.#options.write(finishedLine(outcome));
  }

  #since(originMs: number): number {
    return Math.round(this.#options.nowMs() - originMs);
  }

  #line(value: ReportFields): void {
    this.#options.write(`${JSON.stringify(value)}\n`);
  }
}

/** The last line of `softap demo --json` and `softap provision --json`. */
export function finishedLine(outcome: Outcome): string {
  const { verdict, deviceId, elapsedMs, failure } = outcome;
  const error =
    failure === undefined
      ? null
      : { code: failure.code, number: failure.number, text: failure.text, action: failure.action };
  return `${JSON.stringify({
    event: "finished",
    verdict,
    deviceId: deviceId ?? null,
    elapsedMs: Math.round(elapsedMs),
    error,
  })}\n`;
}
