import { type Clock, type Log, neverCanceled, type SoftApOptions } from "@softap/ports";
import { protocolLimits, UsageError } from "@softap/protocol";
import type { DeviceEvent } from "./event.ts";
import { LogServer } from "./log/log-server.ts";
import type { PendingAttempt } from "./memory/device-store.ts";
import type { DeviceOptions } from "./options.ts";
import { ProvisioningSession, type SessionOptions } from "./provisioning/session.ts";
import type { SessionResult } from "./provisioning/state.ts";
import { type DeviceStep, StepFeed } from "./step.ts";
import { openSoftAp } from "./station-control.ts";
import type { SupervisorEvent } from "./supervisor/machine.ts";

/** What a {@link SessionHost} needs. */
export interface SessionHostOptions {
  readonly server: NonNullable<DeviceOptions["server"]>;
  readonly clock: Clock;
  readonly log: Log;
  /** What every session is made of; where it listens, its soft AP and its listener come from the host. */
  readonly session: Omit<SessionOptions, "server" | "softAp" | "listener">;
  readonly hasKept: () => Promise<boolean>;
  readonly emit: (event: DeviceEvent) => void;
  readonly tell: (event: SupervisorEvent) => void;
}

/** What is opened: by whom, with which soft AP, and what it takes up again. */
export interface OpenRequest {
  readonly by: "supervisor" | "caller";
  readonly softAp: SoftApOptions;
  readonly resume?: PendingAttempt;
}

/** Holds the one soft AP session or the log mode of a device: opened and closed one after the other, never two at once. */
export class SessionHost {
  readonly #options: SessionHostOptions;
  #session: ProvisioningSession | undefined;
  #logServer: LogServer | undefined;
  #feed: StepFeed;
  #isBound = false;
  #lastResult: "bound" | "joined" | "failed" | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: SessionHostOptions) {
    this.#options = options;
    this.#feed = this.#newFeed();
  }

  /** The open session. */
  get session(): ProvisioningSession | undefined {
    return this.#session;
  }

  /** Log mode, while it is on. */
  get logServer(): LogServer | undefined {
    return this.#logServer;
  }

  /** Whether the open session has its verdict already. */
  get isBound(): boolean {
    return this.#isBound;
  }

  /** How the last session that had a verdict ended. */
  get lastResult(): "bound" | "joined" | "failed" | undefined {
    return this.#lastResult;
  }

  /** Resolves when everything asked for so far is opened or closed, or failed to be. */
  get settled(): Promise<void> {
    return this.#work;
  }

  /** Steps of the open session, or of the next one. */
  steps(): AsyncIterable<DeviceStep> {
    return this.#feed.read();
  }

  /** Forgets how the last session ended. */
  forgetResult(): void {
    this.#lastResult = undefined;
  }

  /**
   * Opens a session in the place of one that only waits.
   *
   * @throws {@link UsageError} `PROVISIONING_ACTIVE`; what {@link ProvisioningSession.open} throws
   */
  open(request: OpenRequest): Promise<void> {
    return this.#inTurn(() => this.#open(request));
  }

  /** @throws {@link UsageError} `PROVISIONING_ACTIVE`; {@link WifiError}, {@link TransportError} as for a session */
  openLogMode(softAp: SoftApOptions): Promise<void> {
    return this.#inTurn(() => this.#openLogMode(softAp));
  }

  /** Ends the session, if one is open. */
  closeSession(): Promise<void> {
    return this.#inTurn(async () => {
      const session = this.#session;
      session?.stop();
      await session?.settled;
    });
  }

  /** Ends session and log mode, and the steps of whoever waits for a session. */
  async close(): Promise<void> {
    await this.closeSession();
    await this.#inTurn(() => this.#closeLogMode());
    this.#endSteps();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  /** A session that only waits gives way to what is opened next. */
  async #makeRoom(): Promise<void> {
    const former = this.#session;
    if (former?.isBusy === true || this.#logServer !== undefined)
      throw new UsageError("PROVISIONING_ACTIVE", "A soft AP session is open");
    this.#session = undefined;
    former?.stop();
    await former?.settled;
  }

  async #open({ by, softAp, resume }: OpenRequest): Promise<void> {
    const { server, emit, tell } = this.#options;
    await this.#makeRoom();
    const { address, port = protocolLimits.provisioningPort } = server;
    const isOpen = (): boolean => this.#session === session;
    const { portal } = this.#options.session;
    const session: ProvisioningSession = new ProvisioningSession({
      ...this.#options.session,
      server: address === undefined ? { port } : { port, address },
      softAp: portal?.announcedBy(softAp) ?? softAp,
      listener: {
        step: (step) => {
          this.#feed.add(step);
          emit({ type: "step", step });
        },
        busy: (isBusy, needsStation) => {
          if (isOpen()) tell({ type: "sessionBusy", isBusy, needsStation });
        },
        bound: (isNetworkOnly) => this.#bind(isNetworkOnly),
        closed: (result) => {
          if (isOpen()) this.#closed(result);
        },
      },
    });
    const { softApWhileStation } = this.#options.session.ports.radio.capabilities;
    try {
      await session.open({ hasSoftAp: resume === undefined || softApWhileStation });
    } catch (error) {
      // A radio that cannot do both has left its network for nothing.
      if (!softApWhileStation) tell({ type: "networkLost" });
      throw error;
    }
    this.#session = session;
    this.#isBound = false;
    tell({ type: "sessionOpened", by });
    // A phone may have come while the soft AP was still starting.
    if (session.isBusy) tell({ type: "sessionBusy", isBusy: true, needsStation: true });
    emit({ type: "listening", purpose: "provisioning", port: session.localPort });
    if (resume !== undefined) session.resume(resume);
  }

  /** The verdict. The soft AP lingers so that the phone hears of it, but there are no more steps to wait for. */
  #bind(isNetworkOnly: boolean): void {
    this.#isBound = true;
    this.#lastResult = isNetworkOnly ? "joined" : "bound";
    const { emit, session, tell } = this.#options;
    tell({ type: "joined" });
    // The owner's app may have been quicker than our store: "confirmed" is not taken back.
    if (!isNetworkOnly && session.cloud.mark !== "bound") emit({ type: "bound", isConfirmed: false });
    this.#endSteps();
  }

  #closed(result: SessionResult): void {
    const { emit, tell, hasKept, log } = this.#options;
    const session = this.#session;
    this.#session = undefined;
    if (result.type === "failed") this.#lastResult = "failed";
    if (!this.#isBound) this.#endSteps();
    emit(
      result.type === "failed"
        ? { type: "sessionEnded", result: "failed", code: result.failure.code }
        : { type: "sessionEnded", result: result.type },
    );
    const isBound = result.type === "bound" || result.type === "joined";
    // The next owner of the radio waits until this one has put it down.
    void this.#inTurn(async () => {
      await session?.settled;
      const isKept = await hasKept().catch(() => false);
      tell({ type: "sessionClosed", isBound, hasKept: isKept });
    }).catch(() => log.error("session not handed over"));
  }

  async #openLogMode(softAp: SoftApOptions): Promise<void> {
    const { server, session, clock, log, emit, tell } = this.#options;
    await this.#makeRoom();
    const { address, logPort = protocolLimits.logPort } = server;
    const logServer = await LogServer.open({
      clock,
      datagrams: session.ports.datagrams,
      ...(address === undefined ? {} : { address }),
      port: logPort,
      lifeMs: session.limits.logModeMs,
      deviceLog: session.deviceLog,
      log,
      onExpired: () => void this.#inTurn(() => this.#closeLogMode()),
    });
    try {
      await openSoftAp(session.ports.radio, session.station, softAp);
    } catch (error) {
      logServer.close();
      if (!session.ports.radio.capabilities.softApWhileStation) tell({ type: "networkLost" });
      throw error;
    }
    this.#logServer = logServer;
    tell({ type: "sessionOpened", by: "caller" });
    emit({ type: "listening", purpose: "log", port: logServer.localPort });
  }

  async #closeLogMode(): Promise<void> {
    const { session, emit, tell, hasKept, log } = this.#options;
    if (this.#logServer === undefined) return;
    this.#logServer.close();
    this.#logServer = undefined;
    await session.ports.radio.softAp
      .stop({ signal: neverCanceled })
      .catch(() => log.warn("soft AP of log mode not stopped"));
    emit({ type: "logModeEnded" });
    tell({ type: "sessionClosed", isBound: false, hasKept: await hasKept().catch(() => false) });
  }

  #endSteps(): void {
    this.#feed.end();
    this.#feed = this.#newFeed();
  }

  #newFeed(): StepFeed {
    return new StepFeed(this.#options.session.limits.maxSteps);
  }
}
