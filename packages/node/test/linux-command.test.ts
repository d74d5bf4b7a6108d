import { CancelSource, neverCanceled } from "@softap/ports";
import { expect, test, vi } from "vitest";
import { nodeClock } from "../src/clock.ts";
import { ChildProgram, findProgram, runCommand } from "../src/linux/command.ts";

const signal = neverCanceled;

test("runCommand() gives exit code and output, and hands over the input", async () => {
  expect(await runCommand("cat", [], { signal, input: "text" })).toEqual({
    exitCode: 0,
    stdout: "text",
    stderr: "",
  });
  const failed = await runCommand("sh", ["-c", "echo no >&2; exit 3"], { signal });
  expect(failed).toEqual({ exitCode: 3, stdout: "", stderr: "no\n" });
});

test("runCommand() of a program that is not there is WIFI_PROGRAM_MISSING and names it", async () => {
  await expect(runCommand("no-such-program", [], { signal })).rejects.toMatchObject({
    code: "WIFI_PROGRAM_MISSING",
    context: { program: "no-such-program" },
  });
  expect(findProgram("sh")).toMatch(/\/sh$/);
});

test("runCommand() ends with CANCELED as soon as the signal fires", async () => {
  const source = new CancelSource();
  const running = runCommand("sleep", ["60"], { signal: source.signal });
  source.cancel();
  await expect(running).rejects.toMatchObject({ code: "CANCELED" });
});

test("ChildProgram tells lines and a sudden end, and no end that was asked for", async () => {
  const sudden = new ChildProgram("sh", ["-c", "echo one; echo two >&2; read x; exit 7"]);
  const lines: string[] = [];
  const ends: number[] = [];
  sudden.onLine = (line) => lines.push(line);
  sudden.onExit = (code) => ends.push(code);
  await vi.waitFor(() => expect(lines.toSorted()).toEqual(["one", "two"]));
  sudden.writeLine("go on");
  await vi.waitFor(() => expect(ends).toEqual([7]));
  expect(sudden.isRunning).toBe(false);

  const asked = new ChildProgram("sleep", ["60"]);
  asked.onExit = (code) => ends.push(code);
  await asked.stop(nodeClock);
  await asked.stop(nodeClock);
  expect(asked.isRunning).toBe(false);
  expect(ends).toEqual([7]);
});
