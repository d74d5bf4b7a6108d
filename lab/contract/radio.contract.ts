import { radioContract, type RadioWorld } from "@softap/virtual/contracts";
import { Phone } from "../src/phone.ts";
import { Router } from "../src/router.ts";
import { backendOf } from "../src/scenario.ts";
import { WifiService } from "../src/service.ts";
import { runCriteria } from "./criteria.ts";
import { labCriteria } from "./lab-criteria.ts";
import { openRadio, untilMs } from "./open-radio.ts";

const [name, out = ".", text = ""] = process.argv.slice(2);
const backend = backendOf(name);

const service = new WifiService(backend, out);
await service.start();
registerContract();
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
await service.stop();
console.log(`result ${passed} ${failed}`);
process.exit();

function registerContract(): void {
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
