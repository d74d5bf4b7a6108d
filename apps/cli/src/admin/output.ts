import type { CommonOptions } from "../config/common-options.ts";
import type { Item } from "./session.ts";

/** Prints one thing: a line of JSON, or its fields below each other. */
export function printItem(event: string, item: Item, options: CommonOptions): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify({ event, ...item })}\n`);
  else {
    const shown = Object.entries(item).filter(
      ([, value]) => value !== undefined && value !== null && value !== "",
    );
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    process.stdout.write(
      shown.map(([name, value]) => `${name.padEnd(width)}  ${cell(name, value)}\n`).join(""),
    );
  }
}

/** Prints a list: a line of JSON for each, or a table of the named fields. */
export function printList(
  event: string,
  items: readonly Item[],
  options: CommonOptions & { readonly columns: readonly string[] },
): void {
  if (options.json === true) {
    for (const item of items) printItem(event, item, options);
    return;
  }
  const { columns } = options;
  const rows = [columns, ...items.map((item) => columns.map((name) => cell(name, item[name])))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
}

/** One value for a person: times as dates, what is not there as a dash. */
function cell(name: string, value: unknown): string {
  if (value === undefined || value === null || value === "") return "–";
  if (name.endsWith("AtS") && typeof value === "number") return new Date(value * 1000).toISOString();
  return typeof value === "string" ? value : JSON.stringify(value);
}
