import {
  CancelSource,
  type CancelSignal,
  type NetworkCredentials,
  type SeenNetwork,
  type Station,
  type StationLease,
  type StationStatus,
  throwIfCanceled,
} from "@softap/ports";
import { equalBytes, type ErrorCode, type SoftApError, softApError, ssidProblem } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import type { KeptNetwork } from "./kept-network.ts";
import type { RadioCore } from "./radio-core.ts";
import { needsPassphrase, type RouterClient, type VirtualRouter } from "./router.ts";

/** What the radio tells its station about itself and wants to hear from it. */
export interface StationOptions {
  readonly kept: KeptNetwork;
  readonly scanMs: number;
  readonly findsHidden: boolean;
  /** Called before a join takes the radio. */
  readonly onJoinStarted: () => void;
  /** Called when the station settled on a channel. */
  readonly onChannel: (channel: number) => void;
}

/** A join that is going on. */
interface Attempt {
  readonly source: CancelSource;
  /** What ended it, when neither the router nor the caller did. */
  failure: SoftApError | undefined;
  done: Promise<void>;
}

/** Called for each wait of a join: at the limit it throws what the limit means at this point. */
type Spend = (delayMs: number, lateCode: ErrorCode) => Promise<void>;

/** The station of a {@link VirtualRadio}. */
export class VirtualStation implements Station {
  onLost: (() => void) | undefined = undefined;
  readonly #core: RadioCore;
  readonly #options: StationOptions;
  readonly #client: RouterClient;
  #status: StationStatus = { state: "idle" };
  #router: VirtualRouter | undefined;
  #attempt: Attempt | undefined;
  #lastJoined: NetworkCredentials | undefined;

  /** Made by {@link VirtualRadio}. */
  constructor(core: RadioCore, options: StationOptions) {
    this.#core = core;
    this.#options = options;
    this.#client = { host: core.host, onGone: () => this.#lose() };
  }

  /** @inheritdoc */
  get status(): StationStatus {
    return this.#status;
  }

  /** @inheritdoc */
  async scan(options: { signal: CancelSignal }): Promise<readonly SeenNetwork[]> {
    this.#core.check(options.signal);
    this.#core.record("scanStarted");
    await this.#core.spend("scan", this.#options.scanMs, options.signal);
    this.#core.check(options.signal);
    const { air, capabilities, mac } = this.#core;
    const seen = air.routers.filter((router) => router.isUp).map((router) => router.seen);
    for (const softAp of air.softAps) if (softAp.seen.bssid !== mac) seen.push(softAp.seen);
    return seen
      .filter(
        ({ band, rssiDbm }) => capabilities.bands.includes(band) && rssiDbm >= virtualLimits.minScanRssiDbm,
      )
      .toSorted((a, b) => b.rssiDbm - a.rssiDbm);
  }

  /** @inheritdoc @throws {UsageError} `USAGE` while another join that nobody canceled is going on */
  async join(
    network: NetworkCredentials,
    options: { timeoutMs: number; signal: CancelSignal },
  ): Promise<StationLease> {
    this.#core.check(options.signal);
    const problem = ssidProblem(network.ssid);
    if (problem !== undefined) throw problem;
    while (this.#attempt !== undefined) {
      if (!this.#attempt.source.signal.aborted)
        throw softApError("USAGE", "A join is going on already; cancel it or wait for it");
      await this.#attempt.done;
    }
    throwIfCanceled(options.signal);
    const attempt: Attempt = {
      source: new CancelSource(options.signal),
      failure: undefined,
      done: Promise.resolve(),
    };
    this.#attempt = attempt;
    const work = this.#run(network, options.timeoutMs, attempt);
    attempt.done = work.then(
      () => {},
      () => {},
    );
    return work;
  }

  /** @inheritdoc */
  async keep(options: { signal: CancelSignal }): Promise<void> {
    throwIfCanceled(options.signal);
    if (this.#lastJoined === undefined)
      throw softApError("WIFI_NOT_JOINED", "No network was joined that could be kept");
    await this.#options.kept.write(this.#lastJoined, options.signal);
  }

  /** @inheritdoc */
  async keptSsid(options: { signal: CancelSignal }): Promise<Uint8Array | undefined> {
    throwIfCanceled(options.signal);
    return (await this.#options.kept.read(options.signal))?.ssid;
  }

  /** @inheritdoc */
  async joinKept(options: { timeoutMs: number; signal: CancelSignal }): Promise<StationLease> {
    this.#core.check(options.signal);
    const network = await this.#options.kept.read(options.signal);
    if (network === undefined) throw softApError("WIFI_NOTHING_KEPT", "No network is kept");
    return this.join(network, options);
  }

  /** @inheritdoc */
  async leave(options: { signal: CancelSignal }): Promise<void> {
    this.#core.check(options.signal);
    const attempt = this.#attempt;
    attempt?.source.cancel("The station was told to leave");
    await attempt?.done;
    this.#leave();
  }

  /** @inheritdoc */
  async forget(options: { signal: CancelSignal }): Promise<void> {
    this.#core.check(options.signal);
    await this.#options.kept.clear(options.signal);
    this.#lastJoined = undefined;
    await this.leave(options);
  }

  /** Ends whatever the station is doing because the radio stopped working. */
  interrupt(failure: SoftApError): void {
    const attempt = this.#attempt;
    if (attempt !== undefined) {
      attempt.failure = failure;
      attempt.source.cancel(failure);
    }
    this.#router?.release(this.#client);
    if (this.#router !== undefined) this.#lose();
  }

  async #run(network: NetworkCredentials, timeoutMs: number, attempt: Attempt): Promise<StationLease> {
    const { signal } = attempt.source;
    this.#leave();
    this.#status = { state: "joining" };
    this.#core.record("joinStarted");
    this.#options.onJoinStarted();
    try {
      const router = await this.#associate(network, this.#spendUpTo(timeoutMs, signal));
      const lease: StationLease = {
        ssid: router.ssid.slice(),
        address: router.admit(this.#client),
        rssiDbm: router.rssiDbm,
        channel: router.channel,
      };
      this.#router = router;
      this.#status = { state: "joined", lease };
      this.#lastJoined = { ...network, ssid: network.ssid.slice() };
      this.#core.record("joined");
      this.#options.onChannel(router.channel);
      return lease;
    } catch (error) {
      this.#status = { state: "idle" };
      this.#core.record("joinFailed");
      throw attempt.failure ?? error;
    } finally {
      attempt.source.release();
      this.#attempt = undefined;
    }
  }

  #spendUpTo(timeoutMs: number, signal: CancelSignal): Spend {
    const deadlineMs = this.#core.clock.monotonicMs() + timeoutMs;
    return async (delayMs, lateCode) => {
      const leftMs = deadlineMs - this.#core.clock.monotonicMs();
      await this.#core.spend("station join", Math.min(delayMs, leftMs), signal);
      if (delayMs > leftMs)
        throw softApError(lateCode, `Joining did not end within ${timeoutMs} ms`, {
          context: { limitMs: timeoutMs },
        });
    };
  }

  async #associate(network: NetworkCredentials, spend: Spend): Promise<VirtualRouter> {
    await spend(this.#options.scanMs, "WIFI_JOIN_TIMEOUT");
    const router = this.#find(network);
    this.#checkSecurity(router, network);
    await spend(router.joinMs, "WIFI_JOIN_TIMEOUT");
    if (!router.isUp) await spend(Infinity, "WIFI_JOIN_TIMEOUT");
    const { passphrase } = router;
    if (passphrase !== undefined && network.passphrase?.equals(passphrase) !== true)
      throw softApError("WIFI_AUTH_FAILED", "The router refused the passphrase");
    if (!router.admits) throw softApError("WIFI_REFUSED", "The router refused the station");
    await spend(router.dhcp === "silent" ? Infinity : router.dhcpMs, "WIFI_NO_ADDRESS");
    if (!router.isUp) await spend(Infinity, "WIFI_NO_ADDRESS");
    return router;
  }

  #find(network: NetworkCredentials): VirtualRouter {
    const { air, capabilities } = this.#core;
    const [router] = air.routers
      .filter(
        (candidate) =>
          candidate.isUp &&
          capabilities.bands.includes(candidate.band) &&
          (!candidate.isHidden || this.#options.findsHidden) &&
          candidate.rssiDbm >= virtualLimits.minScanRssiDbm &&
          equalBytes(candidate.ssid, network.ssid) &&
          (network.bssid === undefined || network.bssid.toLowerCase() === candidate.bssid),
      )
      .toSorted((a, b) => b.rssiDbm - a.rssiDbm);
    if (router === undefined) throw softApError("WIFI_NOT_FOUND", "No router in reach has this name");
    if (router.rssiDbm >= virtualLimits.minJoinRssiDbm) return router;
    const { rssiDbm } = router;
    throw softApError(
      "WIFI_TOO_WEAK",
      `The signal is ${rssiDbm} dBm, at least ${virtualLimits.minJoinRssiDbm} dBm is needed`,
      { context: { rssiDbm } },
    );
  }

  #checkSecurity(router: VirtualRouter, network: NetworkCredentials): void {
    const { security } = router;
    const isTooNew = security === "wpa3-sae" && !this.#core.capabilities.sae;
    if (security === "enterprise" || security === "wep" || isTooNew)
      throw softApError("WIFI_UNSUPPORTED_SECURITY", `The radio cannot join ${security}`, {
        context: { security },
      });
    if (needsPassphrase(security) && network.passphrase === undefined)
      throw softApError("WIFI_AUTH_FAILED", "The network needs a passphrase");
    // A station that was given a passphrase does not fall back to a network without protection.
    if (security === "open" && network.passphrase !== undefined)
      throw softApError("WIFI_UNSUPPORTED_SECURITY", "The network is open, but a passphrase was given", {
        context: { security },
      });
  }

  #leave(): void {
    if (this.#router === undefined) return;
    this.#router.release(this.#client);
    this.#router = undefined;
    this.#status = { state: "idle" };
    this.#core.record("left");
  }

  #lose(): void {
    this.#router = undefined;
    this.#status = { state: "idle" };
    this.#core.record("lost");
    this.onLost?.();
  }
}
