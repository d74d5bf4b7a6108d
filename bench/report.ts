import { mkdirSync, writeFileSync } from "node:fs";

/** One figure held against what it must show. */
export interface Figure {
  /** What was measured, such as `device: cmdType 1 → token reply handled`. */
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "ratio" | "bytes" | "MB" | "share";
  /** Largest (or, with `atLeast`, smallest) value that is still fine; left out for figures that only stand beside. */
  readonly mustBe?: { readonly atMost: number } | { readonly atLeast: number };
  /** What it stands beside. */
  readonly beside?: string;
}

/** Whether a figure shows what it must. */
export function isMet({ value, mustBe }: Figure): boolean {
  if (mustBe === undefined) return true;
  return "atMost" in mustBe ? value <= mustBe.atMost : value >= mustBe.atLeast;
}

function format(value: number, unit: Figure["unit"]): string {
  if (!Number.isFinite(value)) return "never";
  if (unit === "ms") return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  if (unit === "share") return `${(value * 100).toFixed(value > 0.99 && value < 1 ? 2 : 1)} %`;
  if (unit === "MB") return `${value.toFixed(1)} MB`;
  if (unit === "bytes") return `${Math.round(value)} B`;
  return `${value.toFixed(2)} ×`;
}

/** Prints rows with columns as wide as they need. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

/** Prints the figures, most important first, and says which miss their mark. */
export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => {
    const { name, value, unit, mustBe, beside } = figure;
    const limit =
      mustBe === undefined
        ? "–"
        : "atMost" in mustBe
          ? `≤ ${format(mustBe.atMost, unit)}`
          : `≥ ${format(mustBe.atLeast, unit)}`;
    return [name, format(value, unit), limit, isMet(figure) ? "ok" : "MISSED", beside ?? ""];
  });
  printTable([["figure", "measured", "must be", "", "beside"], ...rows]);
}

/** Middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Writes everything that was measured where a machine can read it. */
export function writeResults(results: object): string {
  mkdirSync("bench/results", { recursive: true });
  const file = "bench/results/latest.json";
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}
