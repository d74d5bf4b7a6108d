/** Lets one piece of work in at a time, in the order of asking: a radio has one thing to do at once. */
export class Exclusive {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the work when everything asked before it has ended, well or badly. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => {});
    return next;
  }
}
