import type { Language } from "@softap/protocol/texts";
import { formatFailure } from "../exit.ts";
import type { Actor, Outcome, ReporterOptions } from "./reporter.ts";
import { actorNames, type StepName, stepTitles, summaryWords } from "./titles.ts";

/** `phone   Get a bind token`, without its mark and duration. */
export function stepLine(actor: Actor, name: StepName, language: Language): string {
  return `${padColumns(actorNames[actor][language], 7)} ${stepTitles[name][language]}`;
}

/** `34 ms`, `1.2 s`. */
export function formatDuration(durationMs: number): string {
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}

/** The last lines of a provisioning for a person: device, owner and room, or what went wrong and what to do. */
export function writeSummary(outcome: Outcome, { language, write, writeError }: ReporterOptions): void {
  if (outcome.failure !== undefined) {
    writeError(`\n${formatFailure(outcome.failure)}`);
    return;
  }
  const { verdict, deviceId, owner, family, room, elapsedMs } = outcome;
  const word = verdict === "joined" ? summaryWords.joined : summaryWords.bound;
  const rows = Object.entries({ device: deviceId, owner, family, room } as const).flatMap(([word, value]) =>
    value === undefined ? [] : [`  ${padColumns(wordOf(word, language), 8)} ${value}\n`],
  );
  write(`\n${word[language]} (${formatDuration(elapsedMs)})\n${rows.join("")}`);
}

function wordOf(word: string, language: Language): string {
  return Object.hasOwn(summaryWords, word)
    ? // The line above proves that the name is one of the table's.
      summaryWords[word as keyof typeof summaryWords][language]
    : word;
}

/** Pads to a width on the screen, where a Chinese character takes two columns. */
export function padColumns(text: string, columns: number): string {
  const width = Array.from(text).reduce(
    (sum, char) => sum + ((char.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1),
    0,
  );
  return text + " ".repeat(Math.max(0, columns - width));
}
