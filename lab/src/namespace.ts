import { execFile } from "node:child_process";

/** The four places of the lab. */
export type Place = "router" | "device" | "phone" | "cloud";

/** Runs a command in a place to its end; resolves with its output whether it succeeded or not. */
export function runIn(
  place: Place,
  command: string,
  ...args: string[]
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const all = ["netns", "exec", place, command, ...args];
    execFile("ip", all, { timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

/** Runs a command that must succeed. */
export async function mustRunIn(place: Place, command: string, ...args: string[]): Promise<string> {
  const { ok, output } = await runIn(place, command, ...args);
  if (!ok) throw new Error(`${command} ${args.join(" ")} failed in ${place}: ${output.trim()}`);
  return output;
}

/** Asks again and again, with pauses, until the answer is one; fails after the limit. */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined | false>,
  pauseMs = 500,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
