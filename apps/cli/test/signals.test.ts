import { expect, onTestFinished, test, vi } from "vitest";
import { stopped, stopSignal } from "../src/signals.ts";

test("the first signal asks for a graceful end, the second ends at once; release() gives them back", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  onTestFinished(() => exit.mockRestore());
  const before = process.listenerCount("SIGTERM");
  const stop = stopSignal();
  process.emit("SIGTERM", "SIGTERM");
  await stopped(stop.signal);
  expect(exit).not.toHaveBeenCalled();
  process.emit("SIGINT", "SIGINT");
  expect(exit).toHaveBeenLastCalledWith(130);
  process.emit("SIGTERM", "SIGTERM");
  expect(exit).toHaveBeenLastCalledWith(143);
  stop.release();
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
