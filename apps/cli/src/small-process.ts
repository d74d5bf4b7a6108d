import { setFlagsFromString } from "node:v8";

/** Code runs as it was read, without the compilers whose own code would fill 9 MB; the heap grows only when it must. */
const flags = ["--no-maglev", "--no-turbofan", "--optimize-for-size"];

/**
 * Makes this process small rather than fast: for one that waits for months and computes little.
 *
 * To be called before anything else is loaded: loading is what makes the compilers work, and the cache of compiled code
 * holds only for the settings under which it was made.
 */
export function preferSmallProcess(): void {
  for (const flag of flags) setFlagsFromString(flag);
}
