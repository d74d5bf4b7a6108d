import { type Step } from "@softap/ports";
import { formatHex, Secret } from "@softap/protocol";

/** Something with a name for the table. */
export type Row<T> = readonly [label: string, value: T];

/** Every state with every event: one line each, `state + event → next: effects`. */
export function machineTable<
  State extends { name: string },
  Event extends { type: string },
  Effect extends object,
  Timer extends string,
>(
  states: readonly Row<State>[],
  events: readonly Row<Event>[],
  step: (state: State, event: Event) => Step<State, Effect, Timer>,
): string {
  return states
    .flatMap(([stateLabel, state]) => [
      stateLabel,
      ...events.map(([eventLabel, event]) => {
        const [next, ...effects] = step(state, event);
        const to = next === state ? "stays" : describe(next, state);
        const all = [to, ...effects.map((effect) => describeEffect(effect))];
        return `  ${eventLabel.padEnd(34)} ${all.join(", ")}`;
      }),
      "",
    ])
    .join("\n");
}

function describe(next: { name: string }, state: object): string {
  const changed = Object.entries(next).filter(
    ([key, value]) =>
      key !== "name" &&
      JSON.stringify(value, plain) !==
        JSON.stringify(Object.entries(state).find(([k]) => k === key)?.[1], plain),
  );
  const values = changed.map(([key, value]) => `${key}=${JSON.stringify(value, plain)}`);
  return values.length === 0 ? next.name : `${next.name}(${values.join(" ")})`;
}

function describeEffect(effect: object): string {
  const { do: name, ...rest } = effect as { do: string };
  const values = Object.values(rest).map((value) =>
    typeof value === "string" ? value : JSON.stringify(value, plain),
  );
  return values.length === 0 ? name : `${name}(${values.join(" ")})`;
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return formatHex(value);
  if (typeof value === "object" && value !== null && "canRetry" in value && "code" in value)
    return value.code;
  if (typeof value === "object" && value !== null && "network" in value && "key" in value)
    return `request ${String(value.key)}`;
  return value;
}

/** Whether a value holds a secret anywhere. */
export function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsSecret);
}
