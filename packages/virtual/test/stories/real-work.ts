/** Work outside virtual time, such as a request to a real HTTP server in memory: the clock stands still until it is done. */
export class RealWork {
  #going = 0;

  async during<T>(work: Promise<T>): Promise<T> {
    this.#going += 1;
    try {
      return await work;
    } finally {
      this.#going -= 1;
    }
  }

  /** For `VirtualClock`. */
  readonly settle = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#going > 0);
  };
}
