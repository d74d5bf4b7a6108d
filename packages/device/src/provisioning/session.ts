import { Engine, type Log, type SeenNetwork, type SoftApOptions, withTimeout } from "@softap/ports";
import { type ErrorCode, type SoftApError, softApError } from "@softap/protocol";
import type { CloudSession } from "../binding/cloud-session.ts";
import type { Failure } from "../failure.ts";
import type { DeviceLimits } from "../limits.ts";
import type { DeviceLog } from "../log/device-log.ts";
import type { DeviceStore, PendingAttempt } from "../memory/device-store.ts";
import type { ErrorMemory } from "../memory/error-memory.ts";
import type { DeviceIdentity, SessionPorts } from "../options.ts";
import type { DevicePortal, PortalRequest, PortalView } from "../device-portal.ts";
import { ProvisioningServer, type ServerAddress } from "../server/server.ts";
import { openSoftAp, type StationControl } from "../station-control.ts";
import { type DeviceStep, deviceSteps, type DeviceStepName } from "../step.ts";
import { AttemptWork } from "./attempt-work.ts";
import { readIntake } from "./intake.ts";
import { newSession, stepProvisioning } from "./machine.ts";
import { PairTimes } from "./pair-times.ts";
import { Replies } from "./replies.ts";
import { requestKey } from "./request-key.ts";
import {
  type AttemptRequest,
  phaseOf,
  type ProvisioningEffect,
  type ProvisioningEvent,
  type ProvisioningState,
  type ProvisioningTimer,
  type SessionResult,
} from "./state.ts";
import { stepsOf } from "./steps-of.ts";

/** What a session tells of. */
export interface SessionListener {
  step(step: DeviceStep): void;
  /** An attempt needs the device, or needs it no more. */
  busy(isBusy: boolean, needsStation: boolean): void;
  /** The cloud accepted the token, where there was one, and the network is kept. */
  bound(isNetworkOnly: boolean): void;
  closed(result: SessionResult): void;
}

/** What a {@link ProvisioningSession} needs. */
export interface SessionOptions {
  readonly identity: Required<DeviceIdentity>;
  readonly server: ServerAddress;
  readonly softAp: SoftApOptions;
  readonly limits: DeviceLimits;
  readonly ports: SessionPorts;
  readonly store: DeviceStore;
  readonly errors: ErrorMemory;
  readonly station: StationControl;
  readonly cloud: CloudSession;
  readonly deviceLog: DeviceLog;
  readonly portal: DevicePortal | undefined;
  readonly listener: SessionListener;
}

/** Where answers to the portal go: nowhere, it asks for the state instead. */
const portalPeer = "portal";

/** One soft AP session: from the open soft AP to a bound device, through as many attempts as it takes. */
export class ProvisioningSession {
  readonly #options: SessionOptions;
  readonly #log: Log;
  readonly #replies: Replies;
  readonly #startedAtMs: number;
  readonly #engine: Engine<ProvisioningState, ProvisioningEvent, ProvisioningEffect, ProvisioningTimer>;
  readonly #times: PairTimes;
  readonly #work: AttemptWork;
  #server: ProvisioningServer | undefined;
  #phaseSinceMs: number;
  /** How many messages were refused for each reason. */
  readonly #refused = new Map<ErrorCode, number>();
  #hasContact = false;
  #isBusy = false;
  #phones = 0;
  /** Number of the last attempt; the closed state has none. */
  #attempt = 0;
  /** Why the portal's last request was not taken. */
  #portalRefusal: Failure | undefined;

  /** Nothing runs before {@link ProvisioningSession.open}. */
  constructor(options: SessionOptions) {
    const { ports, limits, deviceLog } = options;
    this.#options = options;
    this.#log = deviceLog.named("provisioning");
    this.#replies = new Replies(options.identity);
    this.#startedAtMs = ports.clock.monotonicMs();
    this.#phaseSinceMs = this.#startedAtMs;
    this.#times = new PairTimes(ports.clock);
    this.#work = new AttemptWork(
      { ...options, radio: ports.radio, joinTimeoutMs: limits.joinTimeoutMs, log: this.#log },
      (event) => this.#engine.dispatch(event),
    );
    const rules = { ...limits, softApWhileStation: ports.radio.capabilities.softApWhileStation };
    this.#engine = new Engine<ProvisioningState, ProvisioningEvent, ProvisioningEffect, ProvisioningTimer>({
      clock: ports.clock,
      initial: newSession,
      step: (state, event) => stepProvisioning(state, event, rules),
      perform: (effect) => this.#perform(effect),
      observe: ({ state, previous }) => this.#observe(state, previous),
    });
  }

  /**
   * Opens the soft AP and the server.
   *
   * @param options.hasSoftAp - Whether the soft AP starts too: a radio that cannot do both resumes an attempt without it.
   * @throws {@link WifiError} `SOFTAP_START_FAILED`, …; {@link TransportError} `ADDRESS_IN_USE`, …; nothing stays open then
   */
  async open({ hasSoftAp }: { hasSoftAp: boolean }): Promise<void> {
    const { ports, softAp, server, limits, station, portal } = this.#options;
    this.#server = await ProvisioningServer.open({
      ...server,
      ports,
      limits,
      log: this.#log,
      onMessage: (bytes, peer) => this.#take(bytes, peer),
      onTooLong: (peer, error) => this.#refuse(peer, error),
    });
    try {
      await portal?.prepare(this);
      if (hasSoftAp) await openSoftAp(ports.radio, station, softAp);
      await portal?.open();
    } catch (error) {
      portal?.close();
      this.#server.close();
      throw error;
    }
    if (hasSoftAp) this.#note("softApStarted");
    this.#engine.dispatch({ type: "opened" });
  }

  /** Takes up an attempt of an earlier run. */
  resume({ request, attempt, resumes }: PendingAttempt): void {
    this.#log.notice("attempt taken up again", { attempt, resumes });
    this.#engine.dispatch({ type: "requestResumed", request, attempt });
  }

  /** Port of the server. */
  get localPort(): number {
    return this.#server?.localPort ?? 0;
  }

  /** Whether an attempt is under way or has just been talked about. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** What the light shows of the session. */
  get light(): "advertising" | "working" | "failed" {
    const { state } = this.#engine;
    if (state.name === "reopening") return "failed";
    if (state.name !== "advertising") return "working";
    return state.failed === undefined ? "advertising" : "failed";
  }

  /** Resolves when everything that the session wrote is written and its soft AP is down. */
  get settled(): Promise<void> {
    return this.#work.settled;
  }

  /** Phones on the soft AP. */
  phonesChanged(count: number): void {
    if (count > this.#phones) this.#note("phoneJoined");
    this.#phones = count;
    this.#engine.dispatch({ type: "phonesChanged", count });
  }

  /** The joined network went without our doing. */
  stationLost(): void {
    this.#engine.dispatch({ type: "stationLost" });
  }

  /** The way of the token, as the cloud session tells it. */
  readonly binding = {
    moved: (attempt: number, phase: "registering" | "connecting" | "reporting"): void =>
      this.#engine.dispatch({ type: "bindingMoved", attempt, phase }),
    accepted: (attempt: number): void => this.#engine.dispatch({ type: "tokenAccepted", attempt }),
    failed: (attempt: number, failure: Failure): void =>
      this.#engine.dispatch({ type: "bindingFailed", attempt, failure }),
  };

  /** What a portal is made from. */
  get options(): Pick<SessionOptions, "identity" | "softAp" | "ports"> & { readonly log: Log } {
    return { ...this.#options, log: this.#options.deviceLog.named("portal") };
  }

  /** Where the session is. */
  get view(): PortalView {
    const { state } = this.#engine;
    const failed = "failed" in state ? state.failed : undefined;
    const isOver = state.name === "bound" || state.name === "closed";
    const quiet = state.name === "advertising" ? "waiting" : isOver ? "done" : "working";
    return {
      stage: failed === undefined ? quiet : "failed",
      phase: phaseOf(state),
      attempt: this.#attempt,
      isNetworkOnly: "isNetworkOnly" in state,
      ...(failed === undefined ? {} : { failure: failed.failure }),
    };
  }

  /** Takes a request that was typed in, like one that came as a datagram. @returns Why it is not taken. */
  submit(request: PortalRequest): Failure | undefined {
    const key = requestKey(this.#options.ports.crypto, request);
    this.#portalRefusal = undefined;
    this.#begin({ key, ...request }, portalPeer);
    return this.#portalRefusal;
  }

  /**
   * Looks for networks, unless the station has something else to do.
   *
   * @throws {@link UsageError} `PROVISIONING_ACTIVE`; {@link TimeoutError}; {@link CanceledError} when an attempt begins; {@link WifiError}
   */
  async scan(limitMs: number): Promise<readonly SeenNetwork[]> {
    const { station, ports } = this.#options;
    if (this.#isBusy || !station.isIdle) throw softApError("PROVISIONING_ACTIVE", "The station is busy");
    return station.run((signal) =>
      withTimeout(ports.clock, { phase: "scan", limitMs, signal }, (signal) =>
        ports.radio.station.scan({ signal }),
      ),
    );
  }

  /** Ends the session. Idempotent. */
  stop(): void {
    this.#engine.dispatch({ type: "stopRequested" });
  }

  #take(bytes: Uint8Array, peer: string): void {
    const { identity, ports, cloud, deviceLog } = this.#options;
    const intake = readIntake(bytes, { crypto: ports.crypto, productRegion: identity.productRegion });
    if (!("type" in intake)) {
      this.#refuse(peer, intake);
      return;
    }
    this.#tellPreviousErrors(peer);
    switch (intake.type) {
      case "attempt":
        this.#begin(intake.request, peer);
        break;
      case "logQuery":
        for (const chunk of deviceLog.datagrams()) this.#server?.send(peer, chunk);
        break;
      case "v1Status": {
        const state = {
          credentials: cloud.credentials,
          isWifiConnected: ports.radio.station.status.state === "joined",
          isMqttConnected: cloud.isConnected,
        };
        this.#server?.send(peer, this.#replies.v1Status(ports, state));
        break;
      }
    }
  }

  #begin(request: AttemptRequest, peer: string): void {
    this.#times.note("getSSID");
    this.#times.note("getToken");
    this.#engine.dispatch({ type: "requestReceived", request, peer });
  }

  #refuse(peer: string, error: SoftApError): void {
    // Somebody who floods the port must not push what matters out of the log: told at 1, 2, 4, 8 …
    const count = (this.#refused.get(error.code) ?? 0) + 1;
    this.#refused.set(error.code, count);
    if ((count & (count - 1)) === 0) this.#log.notice("message refused", { code: error.code, count });
    this.#server?.sendError(peer, this.#replies.error({ isCurrent: true, code: error.code }));
  }

  /** The first phone of a session that makes sense hears what went wrong before it came. */
  #tellPreviousErrors(peer: string): void {
    if (this.#hasContact) return;
    this.#hasContact = true;
    for (const error of this.#options.errors.take())
      this.#server?.send(peer, this.#replies.error({ isCurrent: false, ...error }));
  }

  #perform(effect: ProvisioningEffect): void {
    const { cloud, errors } = this.#options;
    const work = this.#work;
    switch (effect.do) {
      case "savePending":
        work.savePending(effect.request, effect.attempt);
        break;
      case "loadPending":
        work.loadPending(effect.attempt);
        break;
      case "clearPending":
        work.clearPending();
        break;
      case "replyInfo":
        this.#server?.sendWithCopies(effect.peer, () => this.#info(effect.isTraced));
        break;
      case "pushStatus":
        this.#server?.send(effect.peer, this.#info(true));
        break;
      case "replyError": {
        const { peer, failure, attempt } = effect;
        if (peer === portalPeer) this.#portalRefusal = failure;
        const { code, subId } = failure;
        this.#server?.sendError(peer, this.#replies.error({ isCurrent: true, code, subId, attempt }));
        break;
      }
      case "stopSoftAp":
        work.stopSoftAp();
        break;
      case "reopenSoftAp":
        work.reopenSoftAp();
        break;
      case "joinStation":
        work.join(effect.attempt, effect.network);
        break;
      case "cancelJoin":
        work.cancelJoin();
        break;
      case "leaveStation":
        work.leave();
        break;
      case "bind": {
        const { attempt, token, trace } = effect;
        const report = { attempt, token, ...(trace === undefined ? {} : { trace }) };
        cloud.report(report, () => this.#times.read());
        break;
      }
      case "stopBinding":
        cloud.stop();
        break;
      case "keepNetwork":
        work.keep(effect.isNetworkOnly);
        break;
      case "rememberError":
        errors.add(effect.failure, effect.attempt);
        break;
      case "closeSession":
        this.#close(effect.result);
        break;
    }
  }

  #close(result: SessionResult): void {
    this.#server?.close();
    this.#options.portal?.close();
    this.#work.stopSoftAp();
    this.#engine.close();
    this.#setBusy(false, false);
    this.#options.listener.closed(result);
  }

  #observe(state: ProvisioningState, previous: ProvisioningState): void {
    const { listener, ports } = this.#options;
    if (phaseOf(state) !== phaseOf(previous)) this.#phaseSinceMs = ports.clock.monotonicMs();
    for (const { name, failure } of stepsOf(state, previous)) {
      this.#times.noteStep(name);
      this.#note(name, failure);
    }
    if (state.name === "bound" && previous.name !== "bound") listener.bound("isNetworkOnly" in state);
    if (state.name === "closed") return;
    const isTalking =
      state.name === "reopening" || (state.name === "advertising" && state.failed?.isBurst === true);
    const isBusy = state.name !== "advertising" || isTalking;
    this.#setBusy(isBusy, !("usesKept" in state));
  }

  #setBusy(isBusy: boolean, needsStation: boolean): void {
    if (isBusy === this.#isBusy) return;
    this.#isBusy = isBusy;
    this.#options.listener.busy(isBusy, needsStation);
  }

  #note(name: DeviceStepName, failure?: Failure): void {
    const { state } = this.#engine;
    if ("attempt" in state) this.#attempt = state.attempt;
    const attempt = this.#attempt;
    const atMs = Math.round(this.#options.ports.clock.monotonicMs() - this.#startedAtMs);
    const cause = failure?.cause;
    const step = {
      number: deviceSteps[name],
      name,
      attempt,
      atMs,
      ...(failure === undefined ? {} : { code: failure.code }),
      ...(cause === undefined ? {} : { cause }),
    };
    this.#log.info("step", { ...step });
    this.#options.listener.step(step);
  }

  #info(isTraced: boolean): Uint8Array {
    const { state } = this.#engine;
    if (!isTraced || !("attempt" in state) || state.attempt === 0) return this.#replies.info();
    const ageMs = Math.round(this.#options.ports.clock.monotonicMs() - this.#phaseSinceMs);
    return this.#replies.info({ phase: phaseOf(state), attempt: state.attempt, ageMs });
  }
}
