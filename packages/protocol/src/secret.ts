/**
 * The method name under which Node's console and `util.inspect` look for a printable form. A method's name must be a
 * `unique symbol`, which the type of `Symbol.for` is not; that it is one symbol for ever is what `Symbol.for` guarantees.
 */
const inspectCustom: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/**
 * A text that must not reach a log, an error, JSON or the console by accident: passphrases, keys, tokens.
 *
 * @example
 * ```ts
 * const passphrase = Secret.of("abcd1234");
 * expect(`${passphrase}`).toBe("[redacted]");
 * expect(passphrase.reveal()).toBe("abcd1234");
 * ```
 */
export class Secret {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** Wraps a plain text. */
  static of(value: string): Secret {
    return new Secret(value);
  }

  /** The plain text. Called only where the value leaves the process: radio, socket, key store. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same text. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  /** Always `[redacted]`. */
  toString(): string {
    return "[redacted]";
  }

  /** Always `[redacted]`. */
  toJSON(): string {
    return "[redacted]";
  }

  [inspectCustom](): string {
    return "[redacted]";
  }
}
