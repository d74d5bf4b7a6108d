import { nodeClock } from "@softap/node";
import { NetworkManagerRadio, WpaRadio } from "@softap/node/linux";
import type { Radio } from "@softap/ports";
import { radioContract, type RadioWorld } from "@softap/virtual/contracts";
import { deviceInterface } from "../src/device.ts";
import { Phone } from "../src/phone.ts";
import { Router } from "../src/router.ts";
import { type Backend, isBackend } from "../src/scenario.ts";
import { WifiService } from "../src/service.ts";
import { measureCosts } from "./costs.ts";
import { runCriteria } from "./criteria.ts";
import { labCriteria } from "./lab-criteria.ts";

const [backend = "", out = ".", text = ""] = process.argv.slice(2);
if (!isBackend(backend)) throw new Error(`no back-end: ${backend}`);

/** Longest wait for one thing, ms. */
const untilMs = 120_000;

const service = new WifiService(backend, out);
await service.start();
registerContract(backend);
labCriteria(backend, async () => {
  const router = new Router(out, "first");
  const radio = await openRadio(backend);
  const forgetAll = async (): Promise<void> => {
    await radio.station.forget({ signal: AbortSignal.timeout(untilMs) });
  };
  await forgetAll();
  const cleanup = async (): Promise<void> => {
    await forgetAll();
    await radio.close();
    await router.close();
  };
  return { radio, router, cleanup };
});
const { passed, failed } = await runCriteria(text);
if (text === "") {
  const router = new Router(out, "first");
  for (const { what, oursMs, byHandMs } of await measureCosts({
    backend,
    router,
    out,
    openRadio: () => openRadio(backend),
  })) {
    const ratio = (oursMs / byHandMs).toFixed(2);
    console.log(
      `figure ${backend}: ${what}: ${oursMs.toFixed(0)} ms, by hand ${byHandMs.toFixed(0)} ms (${ratio} ×)`,
    );
  }
}
await service.stop();
console.log(`result ${passed} ${failed}`);
process.exit();

function openRadio(backend: Backend): Promise<Radio & { close(): Promise<void> }> {
  const options = { interfaceName: deviceInterface, clock: nodeClock, signal: AbortSignal.timeout(untilMs) };
  return backend === "wpa" ? WpaRadio.open(options) : NetworkManagerRadio.open(options);
}

function registerContract(backend: Backend): void {
  radioContract(backend, async (): Promise<RadioWorld> => {
    const routers = [new Router(out, "first"), new Router(out, "second")];
    const phone = new Phone(out);
    let radio = await openRadio(backend);
    await radio.station.forget({ signal: AbortSignal.timeout(untilMs) });
    let used = 0;
    return {
      time: {
        until: async (condition) => {
          const endMs = performance.now() + untilMs;
          while (!condition()) {
            if (performance.now() > endMs)
              throw new Error(`the condition was not there within ${untilMs} ms`);
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        },
      },
      get radio() {
        return radio;
      },
      joinTimeoutMs: 60_000,
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
        radio = await openRadio(backend);
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
}
