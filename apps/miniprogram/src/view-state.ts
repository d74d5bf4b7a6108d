/** Hears of changed fields only, as `setData` takes them. */
export type ViewListener<View> = (changed: Partial<View>) => void;

/**
 * What a page shows, as plain data. Fields that have no value are `null` or empty, because `setData` refuses `undefined`.
 */
export class ViewState<View extends object> {
  #value: View;
  readonly #listeners = new Set<ViewListener<View>>();

  constructor(initial: View) {
    this.#value = initial;
  }

  /** Everything that is shown now. */
  get value(): View {
    return this.#value;
  }

  /** Changes fields and tells every listener. */
  set(changed: Partial<View>): void {
    this.#value = { ...this.#value, ...changed };
    for (const listener of this.#listeners) listener(changed);
  }

  /** Tells everything now and every change later. @returns Ends it; idempotent */
  subscribe(listener: ViewListener<View>): () => void {
    this.#listeners.add(listener);
    listener(this.#value);
    return () => void this.#listeners.delete(listener);
  }
}
