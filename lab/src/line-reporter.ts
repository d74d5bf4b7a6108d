import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Prints one line for each test as it ends, in the form of the scenarios. */
export default class LineReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1);
    const mark = { passed: "ok    ", failed: "FAILED", skipped: "skip  ", pending: "skip  " }[state];
    process.stdout.write(`${mark} ${test.fullName} (${seconds} s)\n`);
    for (const error of errors) process.stdout.write(`       ${error.message}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules)
      for (const error of module.errors()) process.stdout.write(`FAILED ${error.message}\n`);
  }
}
