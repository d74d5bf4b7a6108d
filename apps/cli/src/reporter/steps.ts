import { Listr } from "listr2";
import { formatDuration, stepLine, writeSummary } from "./lines.ts";
import type { Outcome, Reporter, ReporterOptions, StepHandle } from "./reporter.ts";

/** Where the title of the running step is changed. */
interface LiveStep {
  title: string;
}

/**
 * A list that grows: the running step turns, finished ones stay above it with their durations.
 *
 * Each step is a list of one task, because a list's tasks are fixed once it runs and nobody knows beforehand how often a
 * passphrase will be typed wrong.
 */
export class StepListReporter implements Reporter {
  readonly #options: ReporterOptions;
  #shown: Promise<void> = Promise.resolve();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  step(...[actor, name]: Parameters<Reporter["step"]>): StepHandle {
    const { language, nowMs } = this.#options;
    const begunMs = nowMs();
    const line = stepLine(actor, name, language);
    const { promise: ended, resolve: end } = Promise.withResolvers<Error | undefined>();
    let title = line;
    let live: LiveStep | undefined;
    let isOpen = true;
    const show = (text: string): void => {
      title = text;
      if (live !== undefined) live.title = text;
    };
    const close = (detail: string, error?: Error): void => {
      if (!isOpen) return;
      isOpen = false;
      show(`${line}${detail === "" ? "" : `: ${detail}`} (${formatDuration(nowMs() - begunMs)})`);
      end(error);
    };
    this.#enqueue(async () => {
      await new Listr(
        {
          title,
          task: async (_context, task) => {
            live = task;
            task.title = title;
            const error = await ended;
            if (error !== undefined) throw error;
          },
        },
        {
          exitOnError: false,
          registerSignalListeners: false,
          rendererOptions: { showErrorMessage: false, collapseErrors: false },
        },
      ).run();
    });
    return {
      progress: (detail) => {
        if (isOpen) show(`${line}: ${detail}`);
      },
      done: (detail = "") => close(detail),
      failed: (failure) => close(`${failure.text} (${failure.number})`, new Error(failure.text)),
    };
  }

  fact(...[, sentence]: Parameters<Reporter["fact"]>): void {
    const { language, write } = this.#options;
    this.#enqueue(async () => write(`${sentence[language]}\n`));
  }

  settled(): Promise<void> {
    return this.#shown;
  }

  async finished(outcome: Outcome): Promise<void> {
    await this.#shown;
    writeSummary(outcome, this.#options);
  }

  #enqueue(show: () => Promise<void>): void {
    this.#shown = this.#shown.then(show);
  }
}
