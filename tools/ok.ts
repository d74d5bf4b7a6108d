/**
 * The gate. Runs every check, two at a time where they don't disturb each other, and prints what each cost.
 * Exit code 0 means that everything passed. The last line counts tests and checks.
 */
import { spawn } from "node:child_process";

interface Check {
  readonly name: string;
  readonly command: string;
}

const lanes: readonly (readonly Check[])[] = [
  [
    { name: "types and build", command: "npm run --silent types" },
    { name: "packages", command: "npm run --silent pack:check" },
    { name: "size", command: "npm run --silent size" },
  ],
  [
    { name: "format", command: "npm run --silent fmt:check" },
    { name: "lint", command: "npm run --silent lint" },
    { name: "dependencies", command: "npm run --silent deps" },
    { name: "unused code", command: "npm run --silent unused" },
    { name: "docs", command: "npm run --silent docs" },
  ],
];
/** The tests use every core by themselves. Those that start processes are left to `npm test`. */
const tests: Check = { name: "tests", command: "npm run --silent test:quick" };

const startedMs = performance.now();
const failed: string[] = [];
let count = { passed: 0, failed: 0, skipped: 0 };

await Promise.all(
  lanes.map(async (lane) => {
    for (const check of lane) await run(check);
  }),
);
const output = await run(tests);
const counted = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output.trimEnd());
if (counted === null) failed.push("tests (no count)");
else count = { passed: Number(counted[1]), failed: Number(counted[2]), skipped: Number(counted[3]) };

const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(
  failed.length === 0 ? `\nok in ${seconds} s` : `\nnot ok after ${seconds} s: ${failed.join(", ")}`,
);
const failures =
  Math.max(count.failed, failed.includes("tests") ? 1 : 0) + failed.filter((name) => name !== "tests").length;
const checks =
  lanes.flat().length - failed.filter((name) => name !== "tests" && !name.startsWith("tests")).length;
console.log(`${count.passed + checks} passed, ${failures} failed, ${count.skipped} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Runs one check; what it printed is shown only when it failed, except for the tests. */
async function run({ name, command }: Check): Promise<string> {
  const fromMs = performance.now();
  const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      if (name === "tests") process.stdout.write(bytes);
    });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const took = `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;
  if (code !== 0) failed.push(name);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${took})`);
  if (code !== 0 && name !== "tests") console.log(text);
  return text;
}
