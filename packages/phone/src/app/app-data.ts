import { type Fields, isFields, ProtocolError } from "@softap/protocol";

/** The fields of one successful reply; what is missing becomes `REPLY_INVALID`, not `undefined` in a caller's hands. */
export class AppData {
  readonly #action: string;
  readonly #fields: Fields;

  constructor(action: string, fields: Fields) {
    this.#action = action;
    this.#fields = fields;
  }

  /** The object under `Data`, where some actions put what others give at the top; these fields when there is none. */
  get inner(): AppData {
    const inner = this.#fields["Data"];
    return isFields(inner) ? new AppData(this.#action, inner) : this;
  }

  /** A text that must be there and not empty. @throws {@link ProtocolError} `REPLY_INVALID` */
  text(name: string): string {
    return this.optionalText(name) ?? this.#missing(name);
  }

  /** A text (or a number, as text); `undefined` when absent or empty. */
  optionalText(name: string): string | undefined {
    const value = this.#fields[name];
    if (typeof value === "number") return String(value);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** A whole number that must be there, as a number or as its text. @throws {@link ProtocolError} `REPLY_INVALID` */
  integer(name: string): number {
    return this.optionalInteger(name) ?? this.#missing(name);
  }

  /** A whole number, as a number or as its text. */
  optionalInteger(name: string): number | undefined {
    const value = this.#fields[name];
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? Number(number) : undefined;
  }

  /** The objects of a list under the first of `names` that is there. @throws {@link ProtocolError} `REPLY_INVALID` when none is */
  list(...names: readonly [string, ...string[]]): readonly AppData[] {
    const list: unknown = names.map((name) => this.#fields[name]).find((value) => Array.isArray(value));
    if (!Array.isArray(list)) return this.#missing(names[0]);
    return list.filter(isFields).map((fields) => new AppData(this.#action, fields));
  }

  #missing(name: string): never {
    throw new ProtocolError("REPLY_INVALID", `The reply to ${this.#action} has no usable ${name}`, {
      context: { action: this.#action, field: name },
    });
  }
}
