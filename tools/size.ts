/**
 * Bundles what an app or a firmware would ship, minified, and holds it against its budget in gzip bytes.
 * `--json` prints the figures for the bench.
 */
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { bundleWechat } from "./wechat-bundles.ts";

interface Budget {
  readonly name: string;
  readonly bundle: () => Promise<string>;
  /** Bytes after minify and gzip. */
  readonly maxBytes: number;
}

const budgets: readonly Budget[] = [
  // What turns a token into a verdict. The app API client is apart: a mini program has the vendor's SDK for that.
  {
    name: "phone core",
    bundle: () => bundleAsIs("packages/phone/src/provisioning/provision.ts"),
    maxBytes: 12_000,
  },
  { name: "device core", bundle: () => bundleAsIs("packages/device/src/index.ts"), maxBytes: 24_000 },
  // With every error text in two languages.
  {
    name: "device portal",
    bundle: () => bundleAsIs("packages/device/src/portal/index.ts"),
    maxBytes: 24_000,
  },
  // Two thirds of it are the phone core in ES2018.
  {
    name: "mini program, drop-in plugin",
    bundle: () => bundleWechat("plugin", "cjs"),
    maxBytes: 16_000,
  },
  {
    name: "mini program, drop-in plugin as ES module",
    bundle: () => bundleWechat("plugin", "esm"),
    maxBytes: 16_000,
  },
  // Every port, the cloud by `wx.request` and the pre-flight, for who brings the phone side along.
  { name: "mini program, world", bundle: () => bundleWechat("world", "cjs"), maxBytes: 14_000 },
  { name: "mini program, world as ES module", bundle: () => bundleWechat("world", "esm"), maxBytes: 14_000 },
  // Three quarters of it are the phone core in ES2018.
  {
    name: "mini program, provisioning",
    bundle: () => bundleWechat("provisioning", "cjs"),
    maxBytes: 14_000,
  },
  {
    name: "mini program, provisioning as ES module",
    bundle: () => bundleWechat("provisioning", "esm"),
    maxBytes: 14_000,
  },
  { name: "mini program, whole", bundle: () => bundleWechat("index", "cjs"), maxBytes: 21_500 },
];

const figures: { name: string; bytes: number; maxBytes: number }[] = [];
for (const { name, bundle, maxBytes } of budgets)
  figures.push({ name, bytes: gzipSync(await bundle(), { level: 9 }).length, maxBytes });
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
