import type { Verdict } from "@softap/phone";
import { type ErrorCode, softApError } from "@softap/protocol";
import { failEach, type FaultMoment } from "@softap/virtual";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FaultGate, Turnstile } from "./fault-gate.ts";
import { Pairs, radios } from "./pairs.ts";
import type { StoryDevice } from "./story-device.ts";
import type { Phone, World } from "./world.ts";

interface Kind {
  readonly call: string;
  readonly code: ErrorCode;
  readonly moments: readonly FaultMoment[];
}

const before = ["before"] as const;
const both = ["before", "after"] as const;

/** Every call that a device makes of its world in one binding, and what it fails with. */
const deviceCalls: readonly Kind[] = [
  { call: "store.get", code: "STORE_READ_FAILED", moments: before },
  { call: "store.apply", code: "STORE_WRITE_FAILED", moments: both },
  { call: "datagrams.open", code: "ADDRESS_IN_USE", moments: before },
  { call: "streams.listen", code: "ADDRESS_IN_USE", moments: before },
  { call: "socket.send", code: "UNREACHABLE", moments: both },
  { call: "softAp.start", code: "SOFTAP_START_FAILED", moments: both },
  { call: "softAp.stop", code: "WIFI_SUPPLICANT_GONE", moments: both },
  { call: "station.keptSsid", code: "STORE_READ_FAILED", moments: before },
  { call: "station.join", code: "WIFI_SUPPLICANT_GONE", moments: both },
  { call: "station.keep", code: "STORE_WRITE_FAILED", moments: both },
  { call: "http.request", code: "UNREACHABLE", moments: both },
  { call: "mqtt.connect", code: "TLS_FAILED", moments: before },
  { call: "link.subscribe", code: "SOCKET_CLOSED", moments: both },
  { call: "link.publish", code: "SOCKET_CLOSED", moments: both },
];

/** Every call that a phone makes. */
const phoneCalls: readonly Kind[] = [
  { call: "datagrams.open", code: "ADDRESS_IN_USE", moments: before },
  { call: "socket.send", code: "UNREACHABLE", moments: both },
  { call: "wifi.joinSoftAp", code: "WIFI_JOIN_TIMEOUT", moments: both },
  { call: "wifi.restore", code: "WIFI_JOIN_TIMEOUT", moments: both },
  { call: "http.request", code: "UNREACHABLE", moments: both },
];

let pairs: Pairs;
let world: World;

/** What holds after every run, whatever failed. */
async function expectDefined(lamp: StoryDevice, verdict: Verdict): Promise<void> {
  if (verdict.verdict === "failed") expect(verdict.code).toMatch(/^[A-Z_]+$/);
  // Bound, failed and unknown are all there is.
  expect(["bound", "failed", "unknown"]).toContain(verdict.verdict);
  const isKept = (await lamp.stored("wifi.kept")) !== undefined;
  if (isKept) expect(pairs.isAccepted(lamp), "a network is kept that did not lead to the cloud").toBe(true);
}

/** Provisions once more, with nothing failing: in the same session, or after a restart with the same store. */
async function expectCured(lamp: StoryDevice, phone: Phone): Promise<void> {
  if (lamp.power.isOn && lamp.radio.softAp.isUp) {
    const again = await world.verdict({}, { lamp, phone });
    if (again.verdict === "bound") return;
  }
  lamp.cutPower();
  await lamp.boot();
  if (!lamp.radio.softAp.isUp) {
    await world.clock.advance(20_000);
    await world.clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
  }
  expect(await world.verdict({}, { lamp, phone })).toMatchObject({ verdict: "bound" });
}

describe.each(radios)("with $radio", (radio) => {
  // What does not touch the radio is the same for both kinds.
  const isWhole = radio.softApWhileStation;
  const calls = isWhole
    ? deviceCalls
    : deviceCalls.filter(({ call }) => /^(station|softAp|store)\./.test(call));

  beforeAll(async () => {
    pairs = await Pairs.open(radio);
    ({ world } = pairs);
  });

  afterAll(() => world.end());

  describe.each(calls)("$call of the device fails", ({ call, code, moments }) => {
    for (const moment of moments)
      test(`${moment} it did anything: the verdict is defined, nothing is half-saved, the next try works`, async () => {
        const faults = await failEach<Turnstile>(
          "pass",
          () => softApError(code, "A fault was put in here"),
          async (wrap) => {
            const gate = new FaultGate(call, wrap(new Turnstile()), moment);
            const { lamp, phone } = await pairs.next();
            lamp.make({ gate });
            // A device that cannot start says so, and is off.
            await world.clock.complete(lamp.device.start(), 60_000).catch((error: unknown) => {
              expect(error).toMatchObject({ code });
            });
            const verdict = await world.verdict({}, { lamp, phone });
            gate.isArmed = false;
            await expectDefined(lamp, verdict);
            if (verdict.verdict !== "bound") await expectCured(lamp, phone);
            await pairs.leave(lamp, phone);
          },
        );
        expect(faults).toBeGreaterThan(0);
      });
  });

  describe.each(isWhole ? phoneCalls : [])("$call of the phone fails", ({ call, code, moments }) => {
    for (const moment of moments)
      test(`${moment} it did anything: the verdict is defined, the phone is back home, the next try works`, async () => {
        const faults = await failEach<Turnstile>(
          "pass",
          () => softApError(code, "A fault was put in here"),
          async (wrap) => {
            const gate = new FaultGate(call, wrap(new Turnstile()), moment);
            const { lamp, phone } = await pairs.next(gate);
            await lamp.boot();
            const verdict = await world.verdict({}, { lamp, phone, gate });
            gate.isArmed = false;
            await expectDefined(lamp, verdict);
            expect(phone.wifi.isOnSoftAp).toBe(false);
            if (verdict.verdict !== "bound") await expectCured(lamp, phone);
            await pairs.leave(lamp, phone);
          },
        );
        expect(faults).toBeGreaterThan(0);
      });
  });
});
