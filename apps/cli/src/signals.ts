/**
 * Turns the first SIGINT or SIGTERM into a signal for a graceful end; the second one ends the process at once.
 *
 * @returns `release` gives the signals back to the system.
 */
export function stopSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
    controller.abort(name);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    release: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
  };
}

/** Resolves when the signal fires. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/**
 * Takes a signal as a button of a device that has none.
 *
 * @param name - SIGUSR1 opens the soft AP, SIGUSR2 the log soft AP.
 * @returns Gives the signal back to the system.
 */
export function onButton(name: "SIGUSR1" | "SIGUSR2", press: () => Promise<void>): () => void {
  const onSignal = (): void => void press();
  process.on(name, onSignal);
  return () => void process.off(name, onSignal);
}
