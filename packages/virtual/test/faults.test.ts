import { neverCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { failEach, failNth, MemoryStore, VirtualClock, VirtualNetwork } from "@softap/virtual";
import { describe, expect, test } from "vitest";

const signal = neverCanceled;
const full = softApError("STORE_WRITE_FAILED", "The disk is full");
const value = Uint8Array.of(1);

describe("failNth()", () => {
  test("only the n-th call fails, and before it does anything", async () => {
    const store = new MemoryStore();
    const fault = failNth(store, "apply", 2, full);
    await fault.target.apply({ a: value }, { signal });
    expect(fault.wasReached).toBe(false);
    expect(() => fault.assertReached()).toThrow(/Call 2 of apply was to fail, but there were only 1/);
    await expect(fault.target.apply({ b: value }, { signal })).rejects.toBe(full);
    await fault.target.apply({ c: value }, { signal });
    expect([store.keys, fault.calls]).toEqual([["a", "c"], 3]);
    fault.assertReached();
  });

  test("a fault after the call leaves what the call did", async () => {
    const store = new MemoryStore();
    const { target } = failNth(store, "apply", 1, full, "after");
    await expect(target.apply({ a: value }, { signal })).rejects.toBe(full);
    expect(store.keys).toEqual(["a"]);
  });

  test("a method without a promise throws", () => {
    const { target } = failNth(new VirtualClock(), "monotonicMs", 1, full);
    expect(() => target.monotonicMs()).toThrow(full);
    expect(target.monotonicMs()).toBe(0);
  });

  test("properties that are set go to the real object", async () => {
    const clock = new VirtualClock();
    const host = new VirtualNetwork({ clock }).host("alone");
    const socket = await host.datagrams.open({ port: 0, signal });
    const { target } = failNth(socket, "send", 2, full);
    let heard = 0;
    target.onDatagram = () => {
      heard += 1;
    };
    const to = { address: "127.0.0.1", port: target.localPort };
    await target.send(value, to, { signal });
    await clock.advance(1);
    expect(heard).toBe(1);
  });
});

describe("failEach()", () => {
  test("runs the scenario once per call, each with that call failing", async () => {
    const left: string[] = [];
    const count = await failEach<MemoryStore>(
      "apply",
      () => full,
      async (wrap, n) => {
        const store = new MemoryStore();
        const faulty = wrap(store);
        for (const key of ["a", "b", "c"]) await faulty.apply({ [key]: value }, { signal }).catch(() => {});
        left.push(`${n}: ${store.keys.join(" ")}`);
      },
    );
    expect(count).toBe(3);
    expect(left).toEqual(["0: a b c", "1: b c", "2: a c", "3: a b"]);
  });

  test("a scenario that makes no such call is a mistake", async () => {
    const scenario = async (wrap: (store: MemoryStore) => MemoryStore): Promise<void> => {
      await wrap(new MemoryStore()).get("a", { signal });
    };
    await expect(failEach<MemoryStore>("apply", () => full, scenario)).rejects.toThrow(/only 0/);
  });
});
