/**
 * Writes docs/limits.md: every limit of every package with its value, from the doc comments of the `limits.ts` files. With `--check`
 * it only compares.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { defaultCloudLimits } from "../packages/cloud/src/limits.ts";
import { deviceLimits } from "../packages/device/src/limits.ts";
import { portalLimits } from "../packages/device/src/portal/limits.ts";
import { nodeLimits } from "../packages/node/src/limits.ts";
import { phoneLimits } from "../packages/phone/src/limits.ts";
import { logLimits } from "../packages/phone/src/log/limits.ts";
import { personLimits } from "../packages/phone/src/person/limits.ts";
import { protocolLimits } from "../packages/protocol/src/limits.ts";
import { reactNativeLimits } from "../packages/react-native/src/limits.ts";
import { virtualLimits } from "../packages/virtual/src/limits.ts";

const target = "docs/limits.md";
const packages: readonly (readonly [name: string, values: object, about: string])[] = [
  ["protocol", protocolLimits, "Peers must agree on these: they are part of the wire and cannot be changed."],
  ["device", deviceLimits(), "Defaults; a device is made with others where its hardware needs them."],
  ["device/portal", portalLimits, "Bounds of the page that the device serves."],
  ["phone", phoneLimits, "Defaults; an app may change them for one provisioning."],
  ["phone/log", logLimits, "Defaults; an app may change them for one reading of a device's log."],
  ["phone/person", personLimits, "Bounds of codes to scan, of warnings and of the bundle for support."],
  ["cloud", defaultCloudLimits, "Defaults; the operator may change them."],
  ["node", nodeLimits, "Bounds of the Node world."],
  ["react-native", reactNativeLimits, "Bounds of the React Native world."],
  ["virtual", virtualLimits, "Bounds of the virtual world."],
];

/** What the doc comments of a file say, by member. */
function commentsOf(name: string): ReadonlyMap<string, string> {
  const [folder = "", ...below] = name.split("/");
  const source = readFileSync(["packages", folder, "src", ...below, "limits.ts"].join("/"), "utf8");
  const members = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly )?(\w+)\??:/g);
  return new Map(
    [...members].map(([, comment = "", member = ""]) => [
      member,
      comment
        .replaceAll(/\n\s*\* ?/g, " ")
        .replaceAll(/@defaultValue[^@]*?(?=Source:|@|$)/g, "")
        .replaceAll(/\{@link (\w+)\}/g, "`$1`")
        .replaceAll(/@see (.*)$/g, "See $1.")
        .replaceAll("|", "\\|")
        .trim(),
    ]),
  );
}

function valueOf(value: unknown): string {
  if (typeof value === "number" && Math.abs(value) >= 10_000)
    return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, "\u2009");
  return typeof value === "string" ? `\`${value}\`` : String(value);
}

function sectionOf([name, values, about]: (typeof packages)[number]): string {
  const comments = commentsOf(name);
  const rows = Object.entries(values).map(
    ([member, value]) => `| \`${member}\` | ${valueOf(value)} | ${comments.get(member) ?? "as above"} |`,
  );
  return `## ${name}\n\n${about}\n\n| Limit | Value | Meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
}

const text = `# Limits

<!-- Written by tools/gen-limits.ts from the limits.ts of each package. -->

The end of a name is its unit: \`Ms\` milliseconds, \`S\` seconds, \`Bytes\` bytes, \`Dbm\` dBm; a name without one counts. What must
match a peer says where it comes from; all else is ours and may be tuned.

${packages.map(sectionOf).join("\n")}`;
const formatted = execFileSync("oxfmt", ["--stdin-filepath", target], { input: text, encoding: "utf8" });

if (!process.argv.includes("--check")) writeFileSync(target, formatted);
else if (readFileSync(target, "utf8") !== formatted) {
  console.log(`${target} does not say what the limits.ts files say: run \`npm run limits\``);
  process.exitCode = 1;
}
if (process.exitCode === undefined) console.log(`gen-limits: ${packages.length} packages ok`);
