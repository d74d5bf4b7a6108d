import { Program } from "./program.ts";
import type { Backend } from "./scenario.ts";

/** A suite of criteria for the device's radio, in a process of its own. */
export type SuiteName = "contract" | "costs";

/** How many criteria passed and failed. */
export interface SuiteOutcome {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the criteria of a suite whose name contains the text; its lines go to `print`. */
export async function runSuite(
  name: SuiteName,
  options: { backend: Backend; out: string; text: string; print: (line: string) => void },
): Promise<SuiteOutcome> {
  const { backend, out, text, print } = options;
  let outcome: SuiteOutcome = { passed: 0, failed: 1 };
  const onLine = (line: string): void => {
    const [, passed, failed] = /^result (\d+) (\d+)$/.exec(line) ?? [];
    if (passed === undefined) print(line);
    else outcome = { passed: Number(passed), failed: Number(failed) };
  };
  const program = new URL(`../${name}/main.js`, import.meta.url).pathname;
  const place = { place: "device", log: `${out}/${name}.log`, onLine } as const;
  const suite = new Program(place, process.execPath, program, backend, out, text);
  await suite.ended;
  return outcome;
}
