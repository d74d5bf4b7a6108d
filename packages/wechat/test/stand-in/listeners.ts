/** The `onX` and `offX` of one event of `wx`; `off()` without a listener removes all, as there. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly on = (listener: (event: Event) => void): void => {
    this.#listeners.add(listener);
  };
  readonly off = (listener?: (event: Event) => void): void => {
    if (listener === undefined) this.#listeners.clear();
    else this.#listeners.delete(listener);
  };

  get size(): number {
    return this.#listeners.size;
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }
}
