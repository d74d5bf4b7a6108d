import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Event, parseEvents, softap } from "./softap-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Steps that ended, as `actor step` or `actor step!` for a failed one. */
function endedSteps(events: readonly Event[]): readonly string[] {
  return events
    .filter(({ event, state }) => event === "step" && (state === "done" || state === "failed"))
    .map(({ actor, step, state }) => `${String(actor)} ${String(step)}${state === "failed" ? "!" : ""}`);
}

const way = [
  "cloud startCloud",
  "cloud createProduct",
  "phone logIn",
  "device openSoftAp",
  "phone createBindToken",
  "phone sendCredentials",
  "device joinNetwork",
  "device register",
  "device connectCloud",
  "device reportToken",
  "phone bindToFamily",
  "device exchangeMessage",
];

describe("softap demo", () => {
  test("tells every step, then device, owner and room", async () => {
    const { exit, stdout, stderr } = await softap(["demo"]);
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    const [steps = "", end = ""] = stdout.split("\n\n");
    expect(steps.split("\n")).toHaveLength(way.length);
    for (const line of steps.split("\n"))
      expect(line).toMatch(/^ok {3}(cloud|phone|device) .* \(\d+(\.\d)? m?s\)$/);
    expect(end).toMatch(
      /^Bound \(.* m?s\)\n {2}Device {3}[A-Z0-9]{10}\/demo-lamp\n {2}Owner {4}demo@example\.com\n {2}Family {3}Home\n {2}Room {5}default room\n$/,
    );
  });

  test("--json prints one event per line, the verdict last", async () => {
    const { exit, stdout, stderr } = await softap(["demo", "--json"]);
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    const events = parseEvents(stdout);
    expect([...endedSteps(events)].toSorted()).toEqual(way.toSorted());
    const last = events.at(-1);
    expect(Object.keys(last ?? {})).toEqual(["event", "verdict", "deviceId", "elapsedMs", "error"]);
    expect(last).toMatchObject({ event: "finished", verdict: "bound", error: null });
    expect(last?.["deviceId"]).toMatch(/^[A-Z0-9]{10}\/demo-lamp$/);
    expect(last?.["elapsedMs"]).toBeGreaterThan(0);
  });

  test("--loss 0.3 --seed 7 ends bound all the same", async () => {
    const { exit, stdout } = await softap(["demo", "--json", "--loss", "0.3", "--seed", "7"]);
    const events = parseEvents(stdout);
    expect(events).toContainEqual({ event: "badAir", loss: 0.3, seed: 7 });
    expect(events.at(-1)).toMatchObject({ verdict: "bound" });
    expect(exit).toBe(0);
  });

  test("--wrong-passphrase fails first and ends bound in the same session", async () => {
    const { exit, stdout } = await softap(["demo", "--json", "--wrong-passphrase"]);
    const events = parseEvents(stdout);
    expect(events).toContainEqual(
      expect.objectContaining({
        step: "joinNetwork",
        state: "failed",
        error: "WIFI_AUTH_FAILED",
        number: "SA2101",
      }),
    );
    expect(endedSteps(events).filter((step) => step === "phone createBindToken")).toHaveLength(1);
    expect(endedSteps(events).filter((step) => step === "phone sendCredentials")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ verdict: "bound", error: null });
    expect(exit).toBe(0);
  });

  test("leaves nothing behind", async () => {
    const home = temporaryFolder();
    const temporary = join(home, "tmp");
    mkdirSync(temporary);
    const { exit } = await softap(["demo"], { home, env: { TMPDIR: temporary } });
    expect(exit).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(home)).toEqual(["tmp"]);
  });
});
