import type { Language } from "@softap/protocol/texts";
import type { Failure } from "../exit.ts";
import type { StepName } from "./titles.ts";

/** Which side did something. */
export type Actor = "cloud" | "device" | "phone";

/** Values that a step or a fact carries; they appear under these names in `--json`. Never a secret. */
export type ReportFields = Readonly<Record<string, string | number | boolean | null>>;

/** A step that was begun. Only the first of {@link StepHandle.done} and {@link StepHandle.failed} counts. */
export interface StepHandle {
  /** @param detail - What stands beside the title while the step goes on. */
  progress(detail: string, fields?: ReportFields): void;
  /** @param detail - What stays beside the title. */
  done(detail?: string, fields?: ReportFields): void;
  failed(failure: Failure, fields?: ReportFields): void;
}

/** How a provisioning ended. */
export interface Outcome {
  /** `joined`: the network was all that was asked for. */
  readonly verdict: "bound" | "joined" | "failed" | "unknown";
  /** `undefined` when no device was heard. */
  readonly deviceId: string | undefined;
  readonly elapsedMs: number;
  /** Present unless bound or joined. */
  readonly failure?: Failure;
  /** Told to a person when bound. */
  readonly owner?: string;
  readonly family?: string;
  readonly room?: string;
}

/** Tells a person, or a program, what goes on. */
export interface Reporter {
  /** Begins a step. Steps may overlap; where one is shown at a time, they are shown in the order in which they began. */
  step(actor: Actor, name: StepName): StepHandle;
  /** A fact that took no time, such as the ports that were opened. A person reads the sentence. */
  fact(event: string, sentence: Readonly<Record<Language, string>>, fields: ReportFields): void;
  /** Resolves when everything reported so far is on the screen, so that a question may be asked. */
  settled(): Promise<void>;
  /** The last word. */
  finished(outcome: Outcome): Promise<void>;
}

/** What every reporter is made of. */
export interface ReporterOptions {
  readonly language: Language;
  /** Milliseconds since some origin. */
  readonly nowMs: () => number;
  /** Takes text for standard output. */
  readonly write: (text: string) => void;
  /** Takes what went wrong, for a person. */
  readonly writeError: (text: string) => void;
}

/** A narrower terminal (or one that does not know its width) would break the lines of a live list. */
const leastColumns = 40;

/** Chooses by who reads: programs get JSON, terminals a live list, files and pipes plain lines. */
export async function createReporter(choice: { json?: boolean; lang: Language }): Promise<Reporter> {
  const options: ReporterOptions = {
    language: choice.lang,
    nowMs: () => performance.now(),
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
  };
  if (choice.json === true) return new (await import("./json.ts")).JsonReporter(options);
  if (process.stdout.isTTY && process.stdout.columns >= leastColumns)
    return new (await import("./steps.ts")).StepListReporter(options);
  return new (await import("./plain.ts")).PlainReporter(options);
}
