/**
 * Bundles what an app or a firmware would ship, minified, and holds it against its budget in gzip bytes.
 * `--json` prints the figures for the bench.
 */
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** Bytes after minify and gzip. */
const budgets = [
  // What turns a token into a verdict. The app API client is apart: a mini program has the vendor's SDK for that.
  { name: "phone core", entry: "packages/phone/src/provisioning/provision.ts", maxBytes: 12_000 },
  { name: "device core", entry: "packages/device/src/index.ts", maxBytes: 24_000 },
  // With every error text in two languages.
  { name: "device portal", entry: "packages/device/src/portal/index.ts", maxBytes: 24_000 },
] as const;

const figures: { name: string; bytes: number; maxBytes: number }[] = [];
for (const { name, entry, maxBytes } of budgets) {
  const bundle = await rolldown({ input: entry, resolve: { conditionNames: ["source", "default"] } });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  figures.push({ name, bytes: gzipSync(code, { level: 9 }).length, maxBytes });
  await bundle.close();
}
const isOver = figures.some(({ bytes, maxBytes }) => bytes > maxBytes);
if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
else
  for (const { name, bytes, maxBytes } of figures)
    console.log(
      `size: ${name} ${bytes} bytes gzip, ${Math.round((bytes / maxBytes) * 100)} % of ${maxBytes}`,
    );
process.exitCode = isOver ? 1 : 0;
