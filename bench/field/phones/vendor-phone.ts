import { type CancelSignal, neverCanceled, sleep, type TimerHandle, withTimeout } from "@softap/ports";
import { asSoftApError, decodeUtf8, encodeUtf8, type Secret } from "@softap/protocol";
import { type FieldWorld, passphrase, softApSsid } from "../field-world.ts";
import type { PhoneKind, PhoneVerdict } from "./field-phone.ts";
import { type Reading, type VendorPlan, vendorPlans } from "./vendor-plans.ts";

const signal = neverCanceled;
const device = { address: "192.168.4.1", port: 8266 } as const;
/** The phone's system gives up joining or leaving by then. */
const switchMs = 60_000;

/** One of the vendor's phones at work: token, soft AP, sends, way home, questions, binding. Whatever goes wrong is a failure. */
class VendorPhone {
  readonly #world: FieldWorld;
  readonly #plan: VendorPlan;

  constructor(world: FieldWorld, plan: VendorPlan) {
    this.#world = world;
    this.#plan = plan;
  }

  async provision(): Promise<PhoneVerdict> {
    const { account, clock, wifi } = this.#world;
    const startedAtMs = clock.monotonicMs();
    let reason = "";
    try {
      const token = await account.createBindToken();
      const softAp = { ssid: encodeUtf8(softApSsid), passphrase: undefined };
      await this.#limited(switchMs, (limited) => wifi.joinSoftAp(softAp, { signal: limited }));
      reason = await this.#exchange(token);
      if (reason === "") reason = await this.#return();
      if (reason === "") reason = await this.#bind(token);
    } catch (error) {
      reason = asSoftApError(error).code;
    }
    return {
      verdict: reason === "" ? "bound" : "failed",
      elapsedMs: clock.monotonicMs() - startedAtMs,
      reason,
    };
  }

  /** @returns Why it failed, or "". */
  async #exchange(token: Secret): Promise<string> {
    const { clock, phoneHost, router } = this.#world;
    const { encode, firstSendMs, localPort, maxSends, sendGapMs, silentAfterMs } = this.#plan;
    const request = encode({
      ssid: decodeUtf8(router.ssid) ?? "",
      password: passphrase.reveal(),
      token: token.reveal(),
      bssid: router.bssid,
    });
    const socket = await phoneHost.datagrams.open({ port: localPort, signal });
    const timers: TimerHandle[] = [];
    const result = await new Promise<string>((resolve) => {
      socket.onDatagram = (datagram) => {
        const reading = this.#read(datagram);
        if (reading !== "ignore") resolve(reading === "fail" ? "the device reported an error" : "");
      };
      const send = (): void => void socket.send(request, device, { signal });
      for (let index = 0; index < maxSends; index++)
        timers.push(clock.after("send", firstSendMs + index * sendGapMs, send));
      timers.push(clock.after("silence", silentAfterMs, () => resolve("no reply")));
    });
    for (const timer of timers) timer.cancel();
    socket.close();
    return result;
  }

  #read(datagram: Uint8Array): Reading {
    try {
      const value: unknown = JSON.parse(decodeUtf8(datagram) ?? "");
      // Every object can be read by name; what is found is still unknown.
      return typeof value === "object" && value !== null
        ? this.#plan.read(value as Record<string, unknown>)
        : "ignore";
    } catch {
      return "ignore";
    }
  }

  async #return(): Promise<string> {
    const { clock, wifi } = this.#world;
    const { minReturnMs, maxReturnMs, settleMs } = this.#plan;
    const startedAtMs = clock.monotonicMs();
    try {
      // Whoever is online by mobile data is back, too.
      await this.#limited(Math.min(maxReturnMs, switchMs), (limited) =>
        Promise.race([wifi.restore({ signal: limited }), this.#world.phoneOnline()]),
      );
    } catch {
      return "not back online";
    }
    const leftMs = minReturnMs - (clock.monotonicMs() - startedAtMs);
    await this.#pause(Math.max(0, leftMs) + settleMs);
    return "";
  }

  async #bind(token: Secret): Promise<string> {
    const { account } = this.#world;
    const { forgivenPolls, maxPolls, pollGapMs } = this.#plan;
    let failures = 0;
    for (let poll = 1; poll <= maxPolls; poll++) {
      const answer = await account.getBindTokenState(token).catch(() => undefined);
      if (answer?.state === 2) {
        const { productId = "", deviceName = "" } = answer;
        await account.bindDeviceToFamily({ token, productId, deviceName, familyId: "home" });
        return "";
      }
      if (answer === undefined) failures += 1;
      if (failures > forgivenPolls) return "the cloud cannot be asked";
      if (poll < maxPolls) await this.#pause(pollGapMs);
    }
    return "the token was not reported in time";
  }

  #pause(delayMs: number): Promise<void> {
    return sleep(this.#world.clock, { name: "pause", delayMs, signal });
  }

  #limited(limitMs: number, work: (limited: CancelSignal) => Promise<void>): Promise<void> {
    return withTimeout(this.#world.clock, { phase: "Changing networks", limitMs, signal }, work);
  }
}

/** The mini program, Android and iOS. */
export const vendorPhones: readonly PhoneKind[] = vendorPlans.map((plan) => ({
  name: plan.name,
  provision: (world) => new VendorPhone(world, plan).provision(),
}));
