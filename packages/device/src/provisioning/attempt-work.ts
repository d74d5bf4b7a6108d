import { type Log, neverCanceled, type Radio, type SoftApOptions } from "@softap/ports";
import { asSoftApError, isSoftApError } from "@softap/protocol";
import { failureOf } from "../failure.ts";
import type { DeviceStore } from "../memory/device-store.ts";
import { openSoftAp, type StationControl } from "../station-control.ts";
import type { AttemptRequest, ProvisioningEvent, TargetNetwork } from "./state.ts";

/** What {@link AttemptWork} needs. */
export interface AttemptWorkOptions {
  readonly radio: Radio;
  readonly station: StationControl;
  readonly store: DeviceStore;
  readonly softAp: SoftApOptions;
  readonly joinTimeoutMs: number;
  readonly log: Log;
}

type Dispatch = (event: ProvisioningEvent) => void;

/** What a session does with radio and journal: each of the two does one thing after the other. Results come back as events. */
export class AttemptWork {
  readonly #options: AttemptWorkOptions;
  readonly #dispatch: Dispatch;
  /** Whether the attempt joined a network that is not kept yet. */
  #hasNewNetwork = false;
  #journal: Promise<void> = Promise.resolve();
  #softApWork: Promise<void> = Promise.resolve();

  constructor(options: AttemptWorkOptions, dispatch: Dispatch) {
    this.#options = options;
    this.#dispatch = dispatch;
  }

  /** Resolves when everything is written and the soft AP is as it was asked to be. */
  get settled(): Promise<void> {
    return Promise.all([this.#journal, this.#softApWork]).then(() => undefined);
  }

  /** Writes the attempt into the journal. What fails costs the resume after a restart, not the attempt. */
  savePending(request: AttemptRequest, attempt: number): void {
    const { ssid, passphrase, channel = 0 } = this.#options.softAp;
    const softAp = { ssid, passphrase, channel };
    this.#write(() => this.#options.store.savePending({ request, attempt, resumes: 0, softAp }));
    this.#journal = this.#journal.then(() => this.#dispatch({ type: "pendingSaved", attempt }));
  }

  /** Reads the attempt from the journal. */
  loadPending(attempt: number): void {
    this.#journal
      .then(() => this.#options.store.pending())
      .catch((error: unknown) => {
        this.#options.log.warn("journal not read", { code: asSoftApError(error).code });
        return undefined;
      })
      .then((pending) =>
        this.#dispatch(
          pending === undefined
            ? { type: "pendingMissing", attempt }
            : { type: "requestResumed", request: pending.request, attempt },
        ),
      )
      .catch((error: unknown) =>
        this.#options.log.error("attempt lost", { code: asSoftApError(error).code }),
      );
  }

  /** Removes the attempt from the journal. */
  clearPending(): void {
    this.#write(() => this.#options.store.clearPending());
  }

  /** Joins a network, or the one that the device has, without keeping it. */
  join(attempt: number, network: TargetNetwork | undefined): void {
    const { station, radio, joinTimeoutMs: timeoutMs } = this.#options;
    this.#hasNewNetwork = network !== undefined;
    station
      .run(async (signal) => {
        await this.#softApWork;
        if (network !== undefined) await radio.station.join(network, { timeoutMs, signal });
        else if (radio.station.status.state !== "joined") await radio.station.joinKept({ timeoutMs, signal });
      })
      .then(
        () => this.#dispatch({ type: "stationJoined", attempt }),
        (error: unknown) => {
          // What cancels a join has its own way of going on.
          if (isSoftApError(error, "CANCELED")) return;
          this.#dispatch({ type: "joinFailed", attempt, failure: failureOf(error) });
        },
      );
  }

  /** Gives up the join that runs. */
  cancelJoin(): void {
    this.#options.station.cancel();
  }

  /** Leaves the network. */
  leave(): void {
    const { station, radio, log } = this.#options;
    station
      .run((signal) => radio.station.leave({ signal }))
      .catch((error: unknown) => {
        if (!isSoftApError(error, "CANCELED"))
          log.warn("network not left", { code: asSoftApError(error).code });
      });
  }

  /**
   * Keeps the network and finishes the journal: first the network, so that a power cut in between repeats both. Where the
   * network was all that was asked for, the cloud has accepted nothing.
   */
  keep(isNetworkOnly: boolean): void {
    const { station, radio, store, log } = this.#options;
    const hasNewNetwork = this.#hasNewNetwork;
    station
      .run(async (signal) => {
        if (hasNewNetwork) await radio.station.keep({ signal });
        await this.#journal;
        await (isNetworkOnly ? store.clearPending() : store.finishPending());
      })
      .then(
        () => this.#dispatch({ type: "networkKept" }),
        (error: unknown) => {
          log.warn("network not kept", { code: asSoftApError(error).code });
          this.#dispatch({ type: "keepFailed" });
        },
      );
  }

  /** Closes the soft AP. */
  stopSoftAp(): void {
    const { radio } = this.#options;
    this.#changeSoftAp(() => radio.softAp.stop({ signal: neverCanceled }));
  }

  /** Opens the soft AP again. */
  reopenSoftAp(): void {
    const { radio, station, softAp } = this.#options;
    this.#changeSoftAp(
      async () => {
        await openSoftAp(radio, station, softAp);
        this.#dispatch({ type: "softApReopened" });
      },
      (error) => this.#dispatch({ type: "softApReopenFailed", failure: failureOf(error) }),
    );
  }

  #changeSoftAp(work: () => Promise<void>, onFailed?: (error: unknown) => void): void {
    this.#softApWork = this.#softApWork.then(work).catch((error: unknown) => {
      this.#options.log.warn("soft AP not changed", { code: asSoftApError(error).code });
      onFailed?.(error);
    });
  }

  #write(work: () => Promise<void>): void {
    this.#journal = this.#journal.then(work).catch((error: unknown) => {
      this.#options.log.warn("journal not written", { code: asSoftApError(error).code });
    });
  }
}
