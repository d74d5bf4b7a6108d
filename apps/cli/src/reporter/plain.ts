import { formatDuration, stepLine, writeSummary } from "./lines.ts";
import type { Outcome, Reporter, ReporterOptions, StepHandle } from "./reporter.ts";

/** One line per finished step: for files and pipes. */
export class PlainReporter implements Reporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  step(...[actor, name]: Parameters<Reporter["step"]>): StepHandle {
    const { language, nowMs, write } = this.#options;
    const begunMs = nowMs();
    let isOpen = true;
    const end = (mark: string, detail: string): void => {
      if (!isOpen) return;
      isOpen = false;
      const beside = detail === "" ? "" : `: ${detail}`;
      write(`${mark} ${stepLine(actor, name, language)}${beside} (${formatDuration(nowMs() - begunMs)})\n`);
    };
    return {
      progress: () => {},
      done: (detail = "") => end("ok  ", detail),
      failed: (failure) => end("FAIL", `${failure.text} (${failure.number})`),
    };
  }

  fact(...[, sentence]: Parameters<Reporter["fact"]>): void {
    const { language, write } = this.#options;
    write(`${sentence[language]}\n`);
  }

  async settled(): Promise<void> {}

  async finished(outcome: Outcome): Promise<void> {
    writeSummary(outcome, this.#options);
  }
}
