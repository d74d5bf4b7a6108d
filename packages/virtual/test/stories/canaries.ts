import { nodeRandom } from "@softap/node";
import type { Random } from "@softap/ports";

/** Secrets by name, in every spelling in which one may get out. */
export class Canaries {
  readonly #spellings = new Map<string, string>();

  /** Watches for a secret. @returns It. */
  add(name: string, secret: string): string {
    const bytes = Buffer.from(secret);
    this.#spellings.set(secret, name);
    this.#spellings.set(bytes.toString("hex"), `${name} in hex`);
    // The end of base64 depends on what follows.
    this.#spellings.set(bytes.toString("base64").slice(0, -4), `${name} in base64`);
    return secret;
  }

  /** Whether draws of {@link Canaries.random} are tokens from now on; the salt of a password hash is drawn alike and is no secret. */
  watchesTokens = false;

  /** Chance that watches for every token which a cloud makes of it: they are the hex of 16 bytes. */
  random(): Random {
    return {
      bytes: (length) => {
        const bytes = nodeRandom.bytes(length);
        if (length === 16 && this.watchesTokens) this.add("a token", Buffer.from(bytes).toString("hex"));
        return bytes;
      },
    };
  }

  get count(): number {
    return this.#spellings.size;
  }

  /** Names of the secrets that stand in a text. */
  in(text: string): readonly string[] {
    return [...this.#spellings].filter(([spelling]) => text.includes(spelling)).map(([, name]) => name);
  }
}
