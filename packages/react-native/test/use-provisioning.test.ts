import { createElement, StrictMode, useEffect } from "react";
import { act, create } from "react-test-renderer";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ReactNativePorts, type UseProvisioning, useProvisioning } from "@softap/react-native";
import { App, rightPassphrase, untouched, wrongPassphrase } from "./app.ts";

/** A component that shows nothing and tells each of its renders. */
function Probe(props: {
  readonly ports: ReactNativePorts;
  readonly seen: UseProvisioning[];
  readonly onMount?: (provisioning: UseProvisioning) => void;
}): null {
  const provisioning = useProvisioning(props.ports);
  props.seen.push(provisioning);
  const { onMount } = props;
  useEffect(() => {
    onMount?.(provisioning);
    // Once, as an app's screen would that starts by itself.
  }, []);
  return null;
}

async function mount(
  app: App,
  options: { onMount?: (provisioning: UseProvisioning) => void; isStrict?: boolean } = {},
) {
  const { isStrict = false, ...props } = options;
  const seen: UseProvisioning[] = [];
  const probe = createElement(Probe, { ports: app.ports, seen, ...props });
  const element = isStrict ? createElement(StrictMode, null, probe) : probe;
  let renderer: { unmount(): void } | undefined;
  await act(() => {
    renderer = create(element);
  });
  const latest = (): UseProvisioning => seen.at(-1) ?? expect.fail("It was not rendered");
  // React renders when act() ends: time moves in steps that are shorter than anything lasts.
  const until = async (condition: () => boolean): Promise<void> => {
    for (let step = 0; !condition(); step += 1) {
      if (step > 5_000) expect.fail("It did not come true within 5 s");
      await act(() => app.handset.clock.advance(1));
    }
  };
  const reach = (phase: string) => until(() => latest().state.phase === phase);
  return { renderer, seen, latest, until, reach };
}

const complaints = vi.spyOn(console, "error");

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  complaints.mockReset().mockImplementation(() => {});
});

afterEach(() => {
  // React tells by console.error of updates that it did not expect.
  const texts = complaints.mock.calls.map(([text]) => String(text));
  const unexpected = texts.filter((text) => !text.includes("react-test-renderer is deprecated"));
  if (unexpected.length > 0) throw new Error(unexpected.join("\n"));
  vi.unstubAllGlobals();
});

describe("useProvisioning()", () => {
  test("renders from idle through running and asking to finished", async () => {
    const app = await App.open();
    const { latest, reach, seen } = await mount(app);
    expect(latest().state).toEqual({ phase: "idle" });
    await act(() => {
      latest().start(app.options(wrongPassphrase));
    });
    expect(latest().state).toMatchObject({ phase: "running", isCanceling: false, remainingS: 15 });
    await reach("asking");
    await act(() => {
      latest().retry({ passphrase: rightPassphrase });
    });
    await reach("finished");
    expect(latest().state).toMatchObject({ verdict: { verdict: "bound", attempts: 2 } });
    const phases = seen.map(({ state }) => state.phase).filter((phase, at, all) => phase !== all[at - 1]);
    expect(phases).toEqual(["idle", "running", "asking", "running", "finished"]);
    expect(await app.atRest()).toEqual(untouched);
  });

  test("gives the same functions in every render", async () => {
    const app = await App.open();
    const { latest, reach, seen } = await mount(app);
    await act(() => {
      latest().start(app.options(rightPassphrase));
    });
    await reach("finished");
    for (const name of ["start", "retry", "decline", "cancel"] as const)
      expect(new Set(seen.map((provisioning) => provisioning[name])).size).toBe(1);
  });

  test("a double tap starts one provisioning", async () => {
    const app = await App.open();
    const { latest, reach } = await mount(app);
    const started: boolean[] = [];
    await act(() => {
      started.push(
        latest().start(app.options(rightPassphrase)),
        latest().start(app.options(rightPassphrase)),
      );
    });
    await reach("finished");
    expect(started).toEqual([true, false]);
    expect(app.bound).toHaveLength(1);
  });

  for (const step of ["createToken", "joinSoftAp", "sendCredentials", "restoreNetwork", "bindFamily"])
    test(`a component that goes away at ${step} renders no more, and the phone goes home`, async () => {
      const app = await App.open();
      const { latest, until, seen, renderer } = await mount(app);
      await act(() => {
        latest().start(app.options(rightPassphrase));
      });
      await until(() => {
        const { state } = latest();
        return state.phase === "running" && state.steps.at(-1)?.name === step;
      });
      await act(() => renderer?.unmount());
      const renders = seen.length;
      expect(await app.atRest()).toEqual(untouched);
      expect(seen).toHaveLength(renders);
      expect(app.bound).toEqual([]);
    });

  test("a component that goes away while a person is asked gives the question up", async () => {
    const app = await App.open();
    const { latest, reach, renderer } = await mount(app);
    await act(() => {
      latest().start(app.options(wrongPassphrase));
    });
    await reach("asking");
    await act(() => renderer?.unmount());
    expect(await app.atRest()).toEqual(untouched);
    expect(app.bound).toEqual([]);
  });

  test("cancel() is shown until the phone is home", async () => {
    const app = await App.open();
    const { latest, until, reach } = await mount(app);
    await act(() => {
      latest().start(app.options(rightPassphrase));
    });
    await until(() => app.handset.place === "softAp");
    await act(() => latest().cancel());
    expect(latest().state).toMatchObject({ phase: "running", isCanceling: true });
    await reach("finished");
    expect(latest().state).toMatchObject({ verdict: { code: "CANCELED" } });
    expect(await app.atRest()).toEqual(untouched);
  });

  test("strict mode, which mounts twice, neither starts twice nor abandons", async () => {
    const app = await App.open();
    const started: boolean[] = [];
    const { latest, reach } = await mount(app, {
      isStrict: true,
      onMount: ({ start }) => started.push(start(app.options(rightPassphrase))),
    });
    await reach("finished");
    expect(started).toEqual([true, false]);
    expect(latest().state).toMatchObject({ verdict: { verdict: "bound" } });
    expect(app.bound).toHaveLength(1);
  });
});
