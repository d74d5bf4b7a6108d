import { Program } from "./program.ts";
import type { Backend } from "./scenario.ts";

const contract = new URL("../contract/main.js", import.meta.url).pathname;

/** How a run of the contract suite ended. */
export interface ContractOutcome {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the radio contract on the device's radio, in a process of its own; its lines go to `print`. */
export async function runContract(
  backend: Backend,
  options: { out: string; text: string; print: (line: string) => void },
): Promise<ContractOutcome> {
  const { out, text, print } = options;
  let outcome: ContractOutcome = { passed: 0, failed: 1 };
  const onLine = (line: string): void => {
    const [, passed, failed] = /^result (\d+) (\d+)$/.exec(line) ?? [];
    if (passed === undefined) print(line);
    else outcome = { passed: Number(passed), failed: Number(failed) };
  };
  const suite = new Program(
    { place: "device", log: `${out}/contract.log`, onLine },
    process.execPath,
    "--jitless",
    contract,
    backend,
    out,
    text,
  );
  await suite.ended;
  return outcome;
}
