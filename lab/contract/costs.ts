import assert from "node:assert/strict";
import { neverCanceled, type Radio } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { Router } from "../src/router.ts";
import { backendOf } from "../src/scenario.ts";
import { WifiService } from "../src/service.ts";
import { byHand, type Network } from "./by-hand.ts";
import { describe, runCriteria, test } from "./criteria.ts";
import { openRadio } from "./open-radio.ts";

/** Joins and soft APs by our radio, beside the same done by hand with the tools that it stands on. */
const [name, out = ".", text = ""] = process.argv.slice(2);
const backend = backendOf(name);

const home: Network = { ssid: "Home-WiFi", passphrase: "abcd1234" };
const lamp: Network = { ssid: "softap-cost", passphrase: "for-phones" };
const signal = neverCanceled;
const rounds = 3;
/** Most that we may take longer than a person with NetworkManager's own command, part. */
const mostOverhead = 0.1;
/** Before each, ms: what a scan heard is used for some seconds, and would be a present to whoever comes second. */
const restMs = 40_000;

const service = new WifiService(backend, out);
await service.start();
const router = new Router(out, "first");
const hand = byHand(backend, out);

describe(`What ${backend} costs`, () => {
  cost("right passphrase", { router: true, passphrase: home.passphrase });
  cost("wrong passphrase", { router: true, passphrase: "WRONGPASS" });
  if (hand.tellsAbsence) cost("absent router", { router: false, passphrase: home.passphrase });
  test("soft AP up", async () => {
    await compare("soft AP up", openSoftAp, () => hand.openSoftAp(lamp));
  });
});
const { passed, failed } = await runCriteria(text);
await router.close();
await service.stop();
console.log(`result ${passed} ${failed}`);
process.exit();

function cost(what: string, how: { readonly router: boolean; readonly passphrase: string }): void {
  const isBounded = backend === "networkmanager";
  const name = isBounded ? `${what}: at most 10 % over ${hand.tools}` : what;
  test(name, async () => {
    if (how.router) await router.open({ ...home, ssid: encodeUtf8(home.ssid) });
    else await router.close();
    const network = { ...home, passphrase: how.passphrase };
    const ratio = await compare(
      what,
      (radio) => join(radio, network),
      () => hand.join(network),
    );
    if (isBounded) assert.ok(ratio <= 1 + mostOverhead, `${ratio.toFixed(2)} ×`);
  });
}

/** Medians of some rounds. @returns Ours by theirs */
async function compare(
  what: string,
  us: (radio: Radio) => Promise<unknown>,
  them: () => Promise<void>,
): Promise<number> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const radio = await openRadio(backend);
    await rest();
    ours.push(await timed(() => us(radio)));
    await radio.softAp.stop({ signal });
    await radio.station.forget({ signal });
    await radio.close();
    await rest();
    theirs.push(await timed(them));
    await hand.forget();
  }
  const [oursMs, byHandMs] = [median(ours), median(theirs)];
  const ratio = oursMs / byHandMs;
  const times = `${oursMs.toFixed(0)} ms, by ${hand.tools} ${byHandMs.toFixed(0)} ms`;
  console.log(`figure ${backend}: ${what}: ${times} (${ratio.toFixed(2)} ×, medians of ${rounds})`);
  return ratio;
}

function join(radio: Radio, { ssid, passphrase }: Network): Promise<unknown> {
  const network = { ssid: encodeUtf8(ssid), passphrase: Secret.of(passphrase) };
  return radio.station.join(network, { timeoutMs: 60_000, signal }).catch(() => undefined);
}

function openSoftAp(radio: Radio): Promise<unknown> {
  const softAp = { ssid: encodeUtf8(lamp.ssid), passphrase: Secret.of(lamp.passphrase), channel: 6 };
  return radio.softAp.start(softAp, { signal });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, restMs));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
