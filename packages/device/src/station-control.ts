import {
  CancelSource,
  type CancelSignal,
  neverCanceled,
  type Radio,
  type SoftApOptions,
} from "@softap/ports";

/** One thing at a time on the station: what is asked last cancels what runs, waits for its end, and then begins. */
export class StationControl {
  #source: CancelSource | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @throws {@link CanceledError} when something newer was asked */
  run<T>(work: (signal: CancelSignal) => Promise<T>): Promise<T> {
    this.cancel();
    const source = new CancelSource();
    this.#source = source;
    const result = this.#last.then(() => work(source.signal));
    const end = (): void => {
      if (this.#source === source) this.#source = undefined;
    };
    this.#last = result.then(end, end);
    return result;
  }

  /** Whether nothing runs that was not cancelled. */
  get isIdle(): boolean {
    return this.#source === undefined;
  }

  /** Cancels what runs. It ends by itself soon after. */
  cancel(): void {
    this.#source?.cancel();
    this.#source = undefined;
  }

  /** Resolves when nothing runs any more. */
  get settled(): Promise<void> {
    return this.#last;
  }
}

/**
 * Opens the soft AP; a radio that cannot do both leaves its network first.
 *
 * @throws {@link WifiError} `SOFTAP_START_FAILED`, …; {@link CanceledError} when the station was asked for something newer
 */
export async function openSoftAp(
  radio: Radio,
  station: StationControl,
  softAp: SoftApOptions,
): Promise<void> {
  if (!radio.capabilities.softApWhileStation) await station.run((signal) => radio.station.leave({ signal }));
  await radio.softAp.start(softAp, { signal: neverCanceled });
}
