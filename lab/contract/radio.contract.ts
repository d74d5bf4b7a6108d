import { radioContract, type RadioWorld } from "@softap/virtual/contracts";
import { afterAll, vi } from "vitest";
import { openRadio } from "../src/open-radio.ts";
import { Phone } from "../src/phone.ts";
import { Router } from "../src/router.ts";
import { type Backend, isBackend } from "../src/scenario.ts";
import { WifiService } from "../src/service.ts";

const { LAB_BACKEND = "", LAB_OUT = "." } = process.env;
const backend: Backend = isBackend(LAB_BACKEND) ? LAB_BACKEND : "networkmanager";
/** Everything is emulated here: what takes 3 s on a device takes 20 s on a busy machine. */
const joinTimeoutMs = 60_000;
const untilMs = 120_000;

const service = new WifiService(backend, LAB_OUT);
await service.start();
afterAll(() => service.stop());

radioContract(`${backend} in the lab`, async (): Promise<RadioWorld> => {
  const routers = [new Router(LAB_OUT, "first"), new Router(LAB_OUT, "second")];
  const phone = new Phone(LAB_OUT);
  let radio = await openRadio(backend, {});
  await radio.station.forget({ signal: AbortSignal.timeout(untilMs) });
  let used = 0;
  return {
    time: {
      until: async (condition) => {
        const isThere = (): void => {
          if (!condition()) throw new Error(`the condition was not there within ${untilMs} ms`);
        };
        await vi.waitFor(isThere, { timeout: untilMs, interval: 50 });
      },
    },
    get radio() {
      return radio;
    },
    joinTimeoutMs,
    addRouter: async ({ ssid, passphrase }) => {
      const router = routers[used];
      if (router === undefined) throw new Error("the lab has two routers");
      used += 1;
      const options = { ssid, ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }) };
      await router.open(options);
      return {
        switchOff: () => router.close(),
        switchOn: () => router.open(options),
        silenceDhcp: () => router.silenceDhcp(),
      };
    },
    addPhone: async () => ({
      join: ({ ssid, passphrase }) => phone.join(ssid, passphrase?.reveal()),
      leave: () => phone.leave(),
    }),
    restart: async () => {
      const former = radio;
      await service.stop("SIGKILL");
      await former.close();
      await service.start();
      radio = await openRadio(backend, {});
      return radio;
    },
    cleanup: async () => {
      await radio.station.forget({ signal: AbortSignal.timeout(untilMs) });
      await radio.close();
      await phone.leave();
      for (const router of routers) await router.close();
    },
  };
});
