/** How often something is tried. Air is chance, and so is the order of what happens at one instant: what fails once is told. */
const mostTries = 2;

/**
 * Runs something and prints how it ended; what failed is tried once more.
 *
 * @param run - Gets the number of the try, from 1; resolves with what went wrong, or `undefined`.
 * @param onFailure - Called after each failure.
 * @returns Whether one of the tries passed
 */
export async function passes(
  name: string,
  run: (tries: number) => Promise<unknown>,
  onFailure: () => void = () => {},
): Promise<boolean> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const startMs = performance.now();
    const error = await run(tries);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    const which = tries === 1 ? "" : ", at the second try";
    console.log(`${error === undefined ? "ok    " : "FAILED"} ${name} (${seconds} s of its clock${which})`);
    if (error === undefined) return true;
    console.log(`       ${error instanceof Error ? error.message : JSON.stringify(error)}`);
    console.error(name, error);
    onFailure();
  }
  return false;
}
