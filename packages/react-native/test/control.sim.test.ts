import { ProvisioningControl, type ProvisioningState } from "@softap/react-native";
import { Secret } from "@softap/protocol";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { App, rightPassphrase, untouched, wrongPassphrase } from "./app.ts";

/** A control that is listened to, and everything it showed. */
function watched(app: App) {
  const control = new ProvisioningControl(app.ports);
  const states: ProvisioningState[] = [control.getState()];
  const leave = control.subscribe(() => states.push(control.getState()));
  const phase = () => control.getState().phase;
  const until = (wanted: ProvisioningState["phase"]) => app.until(() => phase() === wanted);
  return { control, states, leave, phase, until };
}

function names(state: ProvisioningState): readonly string[] {
  return state.phase === "idle" ? [] : state.steps.map(({ name }) => name);
}

describe("ProvisioningControl", () => {
  test("start() shows every step and ends with the verdict, the phone at home", async () => {
    const app = await App.open();
    const { control, states, until } = watched(app);
    expect(control.getState()).toEqual({ phase: "idle" });
    expect(control.start(app.options(rightPassphrase))).toBe(true);
    await until("finished");
    const last = control.getState();
    expect(last).toMatchObject({
      phase: "finished",
      verdict: { verdict: "bound", deviceId: "LAMP000001/lamp_1" },
    });
    expect(names(last)).toEqual([
      "createToken",
      "joinSoftAp",
      "sendCredentials",
      "deviceAnswered",
      "deviceProgress",
      "restoreNetwork",
      "askCloud",
      "bindFamily",
      "verdict",
    ]);
    const lengths = states.map((state) => names(state).length);
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    expect(await app.atRest()).toEqual(untouched);
  });

  test("getState() gives the same object until something changed", async () => {
    const app = await App.open();
    const { control, states, until } = watched(app);
    control.start(app.options(rightPassphrase));
    expect(control.getState()).toBe(control.getState());
    await until("finished");
    expect(new Set(states).size).toBe(states.length);
  });

  test("retry() with another passphrase goes on in the same session with the same token", async () => {
    const app = await App.open();
    const { control, until } = watched(app);
    control.start(app.options(wrongPassphrase));
    expect(control.retry({ passphrase: rightPassphrase })).toBe(false);
    await until("asking");
    await app.until(() => names(control.getState()).includes("deviceFailed"));
    expect(control.getState()).toMatchObject({
      failure: { code: "WIFI_AUTH_FAILED", retry: "input", attempt: 1 },
    });
    expect(control.retry({ passphrase: rightPassphrase })).toBe(true);
    expect(control.getState().phase).toBe("running");
    expect(control.retry()).toBe(false);
    await until("finished");
    expect(control.getState()).toMatchObject({ verdict: { verdict: "bound", attempts: 2 } });
    expect(app.tokens).toHaveLength(1);
    expect(await app.atRest()).toEqual(untouched);
  });

  test("retry() with a passphrase that cannot be one asks again, and says why", async () => {
    const app = await App.open();
    const { control, until } = watched(app);
    control.start(app.options(wrongPassphrase));
    await until("asking");
    control.retry({ passphrase: Secret.of("short") });
    await until("asking");
    expect(control.getState()).toMatchObject({ failure: { code: "PASSPHRASE_LENGTH", attempt: 1 } });
    control.cancel();
    await until("finished");
  });

  test("decline() takes the failure for the verdict", async () => {
    const app = await App.open();
    const { control, until } = watched(app);
    expect(control.decline()).toBe(false);
    control.start(app.options(wrongPassphrase));
    await until("asking");
    expect(control.decline()).toBe(true);
    await until("finished");
    expect(control.getState()).toMatchObject({ verdict: { verdict: "failed", code: "WIFI_AUTH_FAILED" } });
    expect(await app.atRest()).toEqual(untouched);
  });

  test("cancel() while a person is asked brings the phone home", async () => {
    const app = await App.open();
    const { control, until } = watched(app);
    control.start(app.options(wrongPassphrase));
    await until("asking");
    control.cancel();
    expect(control.getState()).toMatchObject({ phase: "running", isCanceling: true, remainingS: undefined });
    await until("finished");
    expect(control.getState()).toMatchObject({ verdict: { verdict: "failed", code: "CANCELED" } });
    expect(await app.atRest()).toEqual(untouched);
  });

  test("start() is refused while something goes on, also on the way home, and works again after it", async () => {
    const app = await App.open();
    const { control, until } = watched(app);
    control.start(app.options(rightPassphrase));
    expect(control.start(app.options(rightPassphrase))).toBe(false);
    await app.until(() => names(control.getState()).includes("sendCredentials"));
    control.cancel();
    control.cancel();
    expect(control.start(app.options(rightPassphrase))).toBe(false);
    await until("finished");
    expect(control.start(app.options(rightPassphrase))).toBe(true);
    await until("finished");
    expect(control.getState()).toMatchObject({ verdict: { verdict: "bound" } });
    expect(app.bound).toHaveLength(1);
    expect(await app.atRest()).toEqual(untouched);
  });

  test("start() with a mistake in its options throws and stays idle", async () => {
    const app = await App.open();
    const { control, states } = watched(app);
    const network = { ssid: "x".repeat(33), passphrase: rightPassphrase };
    expect(() => control.start(app.options(rightPassphrase, { network }))).toThrow(
      expect.objectContaining({ code: "SSID_LENGTH" }),
    );
    expect(states).toEqual([{ phase: "idle" }]);
    expect(await app.atRest()).toEqual(untouched);
  });

  test("the countdown goes down by whole seconds to the moment at which it is given up", async () => {
    const app = await App.open();
    app.isDeviceSilent = true;
    const { control, states, until } = watched(app);
    control.start(app.options(rightPassphrase));
    await until("finished");
    const shown = states.flatMap((state) =>
      state.phase === "running" && names(state).at(-1) === "sendCredentials" ? (state.remainingS ?? []) : [],
    );
    expect([...new Set(shown)]).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(control.getState()).toMatchObject({ verdict: { verdict: "failed", code: "DEVICE_SILENT" } });
    expect(await app.atRest()).toEqual(untouched);
  });

  test("the last listener that leaves abandons the run, and hears nothing more of it", async () => {
    const app = await App.open();
    const { control, states, leave, phase } = watched(app);
    control.start(app.options(rightPassphrase));
    await app.until(() => names(control.getState()).includes("joinSoftAp"));
    leave();
    const heard = states.length;
    await app.until(() => phase() === "finished");
    expect(states).toHaveLength(heard);
    expect(control.getState()).toMatchObject({ verdict: { code: "CANCELED" } });
    expect(await app.atRest()).toEqual(untouched);
    expect(app.bound).toEqual([]);
  });

  test("a listener that leaves and comes back in the same turn keeps the run", async () => {
    const app = await App.open();
    const { control, leave, until } = watched(app);
    control.start(app.options(rightPassphrase));
    leave();
    control.subscribe(() => {});
    await until("finished");
    expect(control.getState()).toMatchObject({ verdict: { verdict: "bound" } });
    expect(await app.atRest()).toEqual(untouched);
  });

  test("no state carries a secret in the open", async () => {
    const app = await App.open();
    const { control, states, until } = watched(app);
    control.start(app.options(wrongPassphrase));
    await until("asking");
    control.retry({ passphrase: rightPassphrase });
    await until("finished");
    expect(states.length).toBeGreaterThan(10);
    expect(inspect(states, { depth: 12 }) + JSON.stringify(states)).not.toContain("canary");
  });
});
