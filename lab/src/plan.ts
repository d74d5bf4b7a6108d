import { measurements, stories } from "../scenarios/index.ts";
import type { Backend, Scenario } from "./scenario.ts";
import type { SuiteName } from "./suite.ts";

/**
 * How the machine's clock runs: `jumping` gives what runs no time at all, so that nothing depends on how busy the machine outside
 * is; `measuring` gives it the time that it takes. Both jump while nothing runs.
 */
export type Clock = "jumping" | "measuring";

/** What runs in one machine. */
export interface Plan {
  readonly scenarios: readonly (readonly [string, Scenario])[];
  /** The suite of criteria, and the text that their names must contain. */
  readonly suite: { readonly name: SuiteName; readonly text: string } | undefined;
}

const byClock = {
  jumping: { scenarios: stories, suite: "contract" },
  measuring: { scenarios: measurements, suite: "costs" },
} as const;

/** The clock that a text names. */
export function clockOf(text: string | undefined): Clock {
  if (text === "jumping" || text === "measuring") return text;
  throw new Error(`no clock: ${text}`);
}

/**
 * What the words ask for.
 *
 * @param words - Parts of names: `portal`, `wpa/portal`, `wpa/contract=forget`; none ask for everything.
 */
export function planFor(backend: Backend, clock: Clock, words: readonly string[]): Plan {
  const parts = words.map((word) => word.split("="));
  const isAsked = (name: string): boolean =>
    parts.length === 0 || parts.some(([part = ""]) => `${backend}/${name}`.includes(part));
  const { scenarios, suite: name } = byClock[clock];
  const text = parts.find(([part = ""]) => part.endsWith(name))?.[1] ?? "";
  return {
    scenarios: Object.entries<Scenario>(scenarios).filter(
      ([one, { only = backend }]) => only === backend && isAsked(one),
    ),
    suite: isAsked(name) ? { name, text } : undefined,
  };
}

/** Names of everything in a plan. */
export function namesIn(backend: Backend, { scenarios, suite }: Plan): readonly string[] {
  const names = scenarios.map(([name]) => name);
  return [...names, ...(suite === undefined ? [] : [suite.name])].map((name) => `${backend}/${name}`);
}
