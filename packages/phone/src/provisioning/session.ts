import {
  canceled,
  type CancelSignal,
  CancelSource,
  Engine,
  type Log,
  neverCanceled,
  silentLog,
} from "@softap/ports";
import { asSoftApError, decodeReply, ProtocolError, type SoftApError } from "@softap/protocol";
import { sendGapsWithin } from "../schedule.ts";
import { CloudSession, mayBeDone, mayPass } from "./cloud-session.ts";
import type { MakeClaim } from "./claim.ts";
import { CredentialsDatagram } from "./credentials-datagram.ts";
import { DeviceChannel } from "../device-channel.ts";
import { step } from "./machine.ts";
import { NetworkSwitch } from "./network-switch.ts";
import type { Failure, ProvisionOnceOptions } from "./options.ts";
import type { AskPerson } from "./person.ts";
import type { ProvisioningStep, StepDetails } from "./progress.ts";
import { reportOf } from "./report.ts";
import type { Credentials, Settings } from "./settings.ts";
import type { Effect, Ending, Event, Link, State, Timer } from "./state.ts";
import { type PreviousError, type Verdict, verdictOf } from "./verdict.ts";

/** A device remembers 16. */
const maxPreviousErrors = 16;

/** What a {@link Session} is put together with. */
export interface SessionParts {
  readonly claim: MakeClaim;
  /** Hears every step. Must not throw. */
  readonly onStep: (step: ProvisioningStep) => void;
  readonly askPerson?: AskPerson | undefined;
}

/** What a {@link Session} reads of the options itself. */
export type SessionOptions = Omit<ProvisionOnceOptions, "familyId" | "token">;

/** One provisioning: carries out what the machine decides, and tells what happens. */
export class Session {
  /** Resolves when nothing runs any more. */
  readonly result: Promise<Verdict>;
  readonly #options: SessionOptions;
  readonly #parts: SessionParts;
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #cloud: CloudSession;
  readonly #channel: DeviceChannel;
  readonly #network: NetworkSwitch;
  readonly #engine: Engine<State, Event, Effect, Timer>;
  readonly #startedAtMs: number;
  /** Fires with the verdict: ends everything that is on its way. */
  readonly #end = new CancelSource();
  readonly #running = new Set<Promise<void>>();
  readonly #previousErrors: PreviousError[] = [];
  readonly #signal: CancelSignal;
  readonly #onAbort = (): void => this.cancel(this.#signal.reason);
  #resolve: (verdict: Verdict) => void = () => {};
  #question = new CancelSource();
  #credentials: CredentialsDatagram;
  #link: Link | undefined;
  #sends = 0;
  #lastStep: ProvisioningStep | undefined;
  #lastAnswer: number | string | undefined;

  constructor(options: SessionOptions, settings: Settings, parts: SessionParts) {
    const { clock, datagrams, wifi, log = silentLog } = options.ports;
    const { limits, softAp } = settings;
    this.#options = options;
    this.#parts = parts;
    this.#settings = settings;
    this.#log = log;
    const { cloud, roomId, signal = neverCanceled } = options;
    this.#signal = signal;
    this.#cloud = new CloudSession({ cloud, claim: parts.claim, roomId, clock, limits });
    this.#credentials = this.#datagramOf(settings.credentials);
    this.#channel = new DeviceChannel({ datagrams, device: settings.device, log });
    this.#network = new NetworkSwitch({ clock, limits, log, wifi, softAp });
    this.#startedAtMs = clock.monotonicMs();
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const plan = {
      joinsSoftAp: this.#network.canSwitch,
      canAskPerson: parts.askPerson !== undefined,
      limits,
    };
    this.#engine = new Engine<State, Event, Effect, Timer>({
      clock,
      initial: { name: "idle" },
      step: (state, event) => step(state, event, plan),
      perform: (effect) => this.#perform(effect),
      observe: (change) => {
        if ("link" in change.state) this.#link = change.state.link;
        for (const told of reportOf(change, this.#sends)) this.#tell(told);
      },
    });
    if (signal.aborted) this.#onAbort();
    else {
      signal.addEventListener("abort", this.#onAbort, { once: true });
      this.#engine.dispatch({ type: "started" });
    }
  }

  /** Ends with `CANCELED`, unless there is a verdict already. */
  cancel(reason?: unknown): void {
    this.#engine.dispatch({ type: "canceled", error: canceled({ reason }) });
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case "prepare":
        this.#tell({ number: 1, name: "createToken" });
        return this.#run(
          async (signal) => {
            this.#network.reserve();
            await this.#cloud.prepare(signal);
          },
          () => ({ type: "prepared" }),
          (error) => ({ type: "prepareFailed", error }),
        );
      case "joinSoftAp":
        this.#tell({ number: 3, name: "joinSoftAp" });
        return this.#run(
          (signal) => this.#network.joinSoftAp(signal),
          () => ({ type: "softApJoined", gapsMs: this.#newGapsMs() }),
          (error) => ({ type: "softApFailed", error }),
        );
      case "checkSoftAp":
        return this.#run(
          (signal) => this.#network.hasLostSoftAp(signal),
          (hasLost) => (hasLost ? { type: "softApLost" } : undefined),
        );
      case "openSocket":
        return this.#run(
          (signal) => this.#channel.open((datagram) => this.#heard(datagram), signal),
          () => ({ type: "socketOpened", gapsMs: this.#newGapsMs() }),
          (error) => ({ type: "socketFailed", error }),
        );
      case "sendCredentials":
        return this.#sendCredentials(effect.attempt);
      case "askDevice":
        return this.#send();
      case "askCloud":
        return this.#askCloud(effect.asked);
      case "restoreNetwork":
        this.#tell({ number: 7, name: "restoreNetwork" });
        return this.#run(
          (signal) => this.#network.restore(signal),
          () => ({ type: "networkRestored" }),
        );
      case "askPerson":
        void this.#askPerson(effect.failure);
        return;
      case "bindFamily": {
        const { device, attempt } = effect;
        const deviceId = `${device.productId}/${device.deviceName}`;
        this.#tell({ number: 9, name: "bindFamily", attempt, deviceId });
        return this.#run(
          (signal) => this.#cloud.bind(device, signal),
          () => ({ type: "familyBound" }),
          (error) => ({
            type: "bindFailed",
            error,
            canRetry: mayPass(error),
            isAmbiguous: mayBeDone(error),
          }),
        );
      }
      case "finish":
        void this.#finish(effect.ending);
    }
  }

  #sendCredentials(attempt: number): void {
    this.#sends += 1;
    const { trace } = this.#credentials;
    this.#tell({ number: 4, name: "sendCredentials", attempt, sends: this.#sends, trace });
    this.#send();
  }

  #send(): void {
    this.#run((signal) => this.#channel.send(this.#credentials.encode(this.#cloud.token), signal));
  }

  #newGapsMs(): readonly number[] {
    this.#sends = 0;
    const { profile = "default", ports } = this.#options;
    return sendGapsWithin(this.#settings.limits.silentAfterMs, profile, ports.random);
  }

  #heard(datagram: Uint8Array): void {
    const reply = decodeReply(datagram);
    if (reply instanceof ProtocolError) {
      this.#log.debug("datagram ignored", { bytes: datagram.length, code: reply.code });
      return;
    }
    if (reply.type !== "error" || reply.isCurrent) {
      this.#engine.dispatch({ type: "replyReceived", reply });
      return;
    }
    const { code } = reply;
    const log = reply.log.slice(0, 96);
    const isKnown = this.#previousErrors.some((known) => known.log === log);
    if (isKnown || this.#previousErrors.length >= maxPreviousErrors) return;
    this.#previousErrors.push({ code, log });
    this.#tell({ number: 5, name: "previousError", code, log });
  }

  #askCloud(asked: number): void {
    this.#question.cancel();
    const question = new CancelSource(this.#end.signal);
    this.#question = question;
    this.#run(
      () => this.#cloud.ask(question.signal).finally(() => question.release()),
      (answer) => {
        this.#tellAnswer(asked, { state: answer.state });
        return { type: "cloudAnswered", answer };
      },
      (error) => {
        this.#tellAnswer(asked, { code: error.code });
        return mayPass(error) ? { type: "cloudSilent", error } : { type: "cloudRefused", error };
      },
      question.signal,
    );
  }

  #tellAnswer(asked: number, answer: Pick<StepDetails & { name: "askCloud" }, "state" | "code">): void {
    const news = answer.state ?? answer.code;
    if (news === this.#lastAnswer) return;
    this.#lastAnswer = news;
    this.#tell({ number: 8, name: "askCloud", asked, ...answer });
  }

  /** A person may think for ever: it is not waited for when the session ends. */
  async #askPerson(failure: Failure): Promise<void> {
    const { credentials: former } = this.#credentials;
    let credentials: Credentials | undefined;
    try {
      credentials = await this.#parts.askPerson?.(failure, former, this.#end.signal);
    } catch (error) {
      this.#log.warn("asking for other credentials failed", { code: asSoftApError(error).code });
    }
    if (credentials === undefined) this.#engine.dispatch({ type: "inputDeclined" });
    else {
      this.#credentials = this.#datagramOf(credentials);
      this.#engine.dispatch({ type: "inputGiven", gapsMs: this.#newGapsMs() });
    }
  }

  #datagramOf(credentials: Credentials): CredentialsDatagram {
    const { region, ports } = this.#options;
    return new CredentialsDatagram(credentials, region, ports.random);
  }

  /** Does one thing; what comes of it goes back to the machine, unless it was ended meanwhile. */
  #run<T>(
    work: (signal: CancelSignal) => Promise<T>,
    done?: (value: T) => Event | undefined,
    failed?: (error: SoftApError) => Event,
    signal: CancelSignal = this.#end.signal,
  ): void {
    const settle = async (): Promise<void> => {
      let event: Event | undefined;
      try {
        const value = await work(signal);
        if (!signal.aborted) event = done?.(value);
      } catch (error) {
        if (!signal.aborted) event = failed?.(asSoftApError(error));
      }
      if (event !== undefined) this.#engine.dispatch(event);
    };
    const running = settle().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #tell(details: StepDetails): void {
    const atMs = this.#elapsedMs();
    this.#lastStep = { atMs, ...details };
    this.#parts.onStep(this.#lastStep);
    this.#log.info("provisioning step", { atMs, ...details });
  }

  #elapsedMs(): number {
    return this.#options.ports.clock.monotonicMs() - this.#startedAtMs;
  }

  async #finish(ending: Ending): Promise<void> {
    const verdict = verdictOf(ending, {
      elapsedMs: this.#elapsedMs(),
      link: this.#link,
      trace: this.#credentials.trace,
      previousErrors: [...this.#previousErrors],
      lastStep: this.#lastStep,
      cloud: this.#cloud,
    });
    const code = verdict.verdict === "bound" ? {} : { code: verdict.code };
    this.#tell({ number: 10, name: "verdict", verdict: verdict.verdict, ...code });
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#engine.close();
    this.#channel.close();
    this.#end.cancel();
    await Promise.all(this.#running);
    await this.#network.restoreAtLast();
    this.#resolve(verdict);
  }
}
