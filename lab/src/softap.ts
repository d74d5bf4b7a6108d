import type { ErrorCode } from "@softap/protocol";
import { Program, type ProgramOptions } from "./program.ts";

/** The command as `lab/bundle.ts` put it beside this program. */
export const softapCommand = new URL("../softap/main.js", import.meta.url).pathname;

/** One line of `softap … --json`. */
export interface SoftapEvent {
  readonly event: string;
  readonly actor?: "phone" | "device";
  readonly step?: string;
  readonly state?: "begun" | "done" | "failed";
  readonly durationMs?: number;
  readonly error?: ErrorCode | { readonly code: ErrorCode } | null;
  readonly verdict?: string;
  readonly code?: ErrorCode;
  readonly [name: string]: unknown;
}

/** The command `softap` with `--json`, and what it has told. */
export class Softap {
  readonly #events: SoftapEvent[] = [];
  readonly #listeners = new Set<(event: SoftapEvent) => void>();
  readonly #program: Program;
  readonly #name: string;

  /** @param options.user - Who runs it. @defaultValue root */
  constructor(
    options: Omit<ProgramOptions, "onLine"> & { readonly user?: "nobody" | undefined },
    ...args: string[]
  ) {
    this.#name = `softap ${args[0] ?? ""}`;
    const onLine = (line: string): void => this.#take(line);
    this.#program = new Program(
      { ...options, onLine },
      ...asUser(options.user),
      process.execPath,
      softapCommand,
      ...args,
      "--json",
    );
  }

  /** Its process. */
  get program(): Program {
    return this.#program;
  }

  /** Everything told so far, oldest first. */
  get events(): readonly SoftapEvent[] {
    return this.#events;
  }

  /**
   * Resolves with the first event that fits and was told after the first `from` ones; rejects when the process ends before, or
   * after `limitMs`.
   */
  async until(
    what: string,
    fits: (event: SoftapEvent) => boolean,
    { limitMs = 60_000, from = 0 } = {},
  ): Promise<SoftapEvent> {
    const told = this.#events.slice(from).find(fits);
    if (told !== undefined) return told;
    const { promise, resolve, reject } = Promise.withResolvers<SoftapEvent>();
    const fail = (why: string): void => reject(new Error(`${this.#name}: ${what}: ${why}`));
    const timer = setTimeout(() => fail(`not within ${limitMs} ms`), limitMs);
    void this.#program.ended.then(() => fail("it ended before"));
    const listener = (event: SoftapEvent): void => (fits(event) ? resolve(event) : undefined);
    this.#listeners.add(listener);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  /** Runs it to its end. @returns The last event and the exit code */
  async finished(): Promise<{ readonly last: SoftapEvent | undefined; readonly exit: number | undefined }> {
    const exit = await this.#program.ended;
    return { last: this.#events.at(-1), exit };
  }

  #take(line: string): void {
    try {
      // What our own command prints has the shape of its documentation.
      const event = JSON.parse(line) as SoftapEvent;
      this.#events.push(event);
      for (const listener of this.#listeners) listener(event);
    } catch {
      // A crash prints text; the log has it.
    }
  }
}

function asUser(user: string | undefined): readonly string[] {
  return user === undefined ? [] : ["setpriv", `--reuid=${user}`, `--regid=nogroup`, "--clear-groups"];
}

/** Fits every event of a name. */
export function isEvent(name: string): (event: SoftapEvent) => boolean {
  return ({ event }) => event === name;
}

/** A step and how far it is. */
export type Step = readonly [name: string, state: NonNullable<SoftapEvent["state"]>];

/** Fits every event that tells of a step. */
export function isStep(...[name, expected]: Step): (event: SoftapEvent) => boolean {
  return ({ step, state }) => step === name && state === expected;
}

/** Which error an event names. */
export function codeOf(event: SoftapEvent | undefined): ErrorCode | undefined {
  const error = event?.error ?? undefined;
  return typeof error === "object" ? error.code : error;
}
