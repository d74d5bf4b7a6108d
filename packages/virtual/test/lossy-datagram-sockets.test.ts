import { neverCanceled } from "@softap/ports";
import {
  LossyDatagramSockets,
  type LossyOptions,
  SeededRandom,
  VirtualClock,
  VirtualNetwork,
} from "@softap/virtual";
import { describe, expect, test } from "vitest";

const signal = neverCanceled;

async function world(options: Partial<LossyOptions>, seed = 1) {
  const clock = new VirtualClock();
  const host = new VirtualNetwork({ clock }).host("host");
  const random = new SeededRandom(seed);
  const lossy = new LossyDatagramSockets({ sockets: host.datagrams, clock, random, ...options });
  const bad = await lossy.open({ port: 0, signal });
  const good = await host.datagrams.open({ port: 0, signal });
  const at = (socket: { localPort: number }) => ({ address: "127.0.0.1", port: socket.localPort });
  return { clock, bad, good, at };
}

describe("LossyDatagramSockets", () => {
  test("both directions suffer the share that was asked for", async () => {
    const { clock, bad, good, at } = await world({ loss: 0.3, duplication: 0.1 });
    let [sent, received] = [0, 0];
    good.onDatagram = () => {
      sent += 1;
    };
    bad.onDatagram = () => {
      received += 1;
    };
    for (let count = 0; count < 5_000; count++) {
      await bad.send(Uint8Array.of(1), at(good), { signal });
      await good.send(Uint8Array.of(1), at(bad), { signal });
    }
    await clock.advance(1);
    for (const count of [sent, received]) expect(Math.abs(count / 5_000 - 0.77)).toBeLessThan(0.04);
  });

  test("the same seed loses the same datagrams", async () => {
    const run = async (seed: number): Promise<number[]> => {
      const { clock, bad, good, at } = await world({ loss: 0.5, delayMs: 2, jitterMs: 9 }, seed);
      const heard: number[] = [];
      good.onDatagram = (datagram) => heard.push(datagram[0] ?? -1);
      for (let number = 0; number < 100; number++)
        await bad.send(Uint8Array.of(number), at(good), { signal });
      await clock.advance(20);
      return heard;
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  test("close() cancels what is delayed", async () => {
    const { clock, bad, good, at } = await world({ delayMs: 50 });
    let heard = 0;
    good.onDatagram = () => {
      heard += 1;
    };
    await bad.send(Uint8Array.of(1), at(good), { signal });
    bad.close();
    bad.close();
    expect(clock.pending).toEqual([]);
    await clock.advance(100);
    expect(heard).toBe(0);
  });

  test("shares beyond 1 are refused", async () => {
    await expect(world({ loss: 2 })).rejects.toThrow(/loss is 2/);
  });
});
