/**
 * Bundles what an app or a firmware would ship, minified, and holds it against its budget in gzip bytes.
 * `--json` prints the figures for the bench.
 */
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { bundleForMiniProgram } from "./bundle-mini-program.ts";

interface Budget {
  readonly name: string;
  readonly entry: string;
  /** Bytes after minify and gzip. */
  readonly maxBytes: number;
  /** ES2018 for mini programs, with what their engines lack. */
  readonly isMiniProgram?: true;
}

const budgets: readonly Budget[] = [
  // What turns a token into a verdict. The app API client is apart: a mini program has the vendor's SDK for that.
  { name: "phone core", entry: "packages/phone/src/provisioning/provision.ts", maxBytes: 12_000 },
  { name: "device core", entry: "packages/device/src/index.ts", maxBytes: 24_000 },
  // With every error text in two languages.
  { name: "device portal", entry: "packages/device/src/portal/index.ts", maxBytes: 24_000 },
  // The phone core in ES2018 is two thirds of it.
  {
    name: "mini program, drop-in plugin",
    entry: "packages/wechat/src/plugin/soft-ap-plugin.ts",
    maxBytes: 19_500,
    isMiniProgram: true,
  },
  {
    name: "mini program, whole",
    entry: "packages/wechat/src/index.ts",
    maxBytes: 23_000,
    isMiniProgram: true,
  },
];

const figures: { name: string; bytes: number; maxBytes: number }[] = [];
for (const { name, entry, maxBytes, isMiniProgram = false } of budgets) {
  const code = isMiniProgram ? await bundleForMiniProgram(entry, "cjs") : await bundleAsIs(entry);
  figures.push({ name, bytes: gzipSync(code, { level: 9 }).length, maxBytes });
}
const isOver = figures.some(({ bytes, maxBytes }) => bytes > maxBytes);
if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
else
  for (const { name, bytes, maxBytes } of figures)
    console.log(
      `size: ${name} ${bytes} bytes gzip, ${Math.round((bytes / maxBytes) * 100)} % of ${maxBytes}`,
    );
process.exitCode = isOver ? 1 : 0;

async function bundleAsIs(entry: string): Promise<string> {
  const bundle = await rolldown({ input: entry, resolve: { conditionNames: ["source", "default"] } });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  return output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
}
