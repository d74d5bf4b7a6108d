/** A timer as the heap keeps it. */
export interface HeapTimer {
  readonly atMs: number;
  /** Counts up; the earlier of two timers due at the same instant has the smaller one. */
  readonly order: number;
  readonly name: string;
  readonly callback: () => void;
  /** Place in the heap; −1 when it is in none. */
  index: number;
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** A binary heap of timers, earliest on top; adding and removing cost the logarithm of its size. */
export class TimerHeap {
  readonly #timers: HeapTimer[] = [];

  get size(): number {
    return this.#timers.length;
  }

  /** The earliest timer. */
  get first(): HeapTimer | undefined {
    return this.#timers[0];
  }

  add(timer: HeapTimer): void {
    timer.index = this.#timers.length;
    this.#timers.push(timer);
    this.#rise(timer);
  }

  /** Takes a timer out; one that is not in the heap stays out. */
  remove(timer: HeapTimer): void {
    const { index } = timer;
    if (index < 0) return;
    timer.index = -1;
    const last = this.#timers.pop();
    if (last === undefined || last === timer) return;
    this.#place(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  /** All timers, earliest first. */
  inOrder(): readonly HeapTimer[] {
    return this.#timers.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #place(timer: HeapTimer, index: number): void {
    this.#timers[index] = timer;
    timer.index = index;
  }

  #rise(timer: HeapTimer): void {
    while (timer.index > 0) {
      const parentIndex = (timer.index - 1) >> 1;
      const parent = this.#timers[parentIndex];
      if (parent === undefined || !isBefore(timer, parent)) return;
      this.#place(parent, timer.index);
      this.#place(timer, parentIndex);
    }
  }

  #sink(timer: HeapTimer): void {
    for (;;) {
      const left = this.#timers[2 * timer.index + 1];
      const right = this.#timers[2 * timer.index + 2];
      if (left === undefined) return;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, timer)) return;
      const childIndex = child.index;
      this.#place(child, timer.index);
      this.#place(timer, childIndex);
    }
  }
}
