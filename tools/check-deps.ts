/**
 * Fails when a package imports a package or a Node built-in that its layer may not use (ARCHITECTURE.md, "Who may know whom").
 */
import { globSync, readFileSync } from "node:fs";

const language = ["@softap/protocol", "@softap/ports"];

/** Layer (workspace folder) → what its sources may import beside files of their own. */
const allowed: Record<string, readonly string[]> = {
  "packages/protocol": [],
  "packages/ports": ["@softap/protocol"],
  "packages/device": language,
  "packages/phone": language,
  "packages/virtual": [...language, "vitest"],
  "packages/node": [...language, "node:", "mqtt", "ws"],
  "packages/wechat": [...language, "@softap/phone"],
  "packages/react-native": [...language, "@softap/phone", "react"],
  "packages/cloud": [
    ...language,
    "node:",
    "aedes",
    "fastify",
    "@fastify/websocket",
    "@fastify/type-provider-typebox",
    "typebox",
    "kysely",
  ],
  "apps/miniprogram": [...language, "@softap/phone", "@softap/wechat"],
  "apps/cli": ["@softap/", "node:", "commander", "listr2", "@clack/prompts", "pino"],
};

const problems: string[] = [];
let files = 0;
for (const file of globSync("{packages,apps}/*/{src,app}/**/*.ts")) {
  files += 1;
  const layer = file.split(/[\\/]/).slice(0, 2).join("/");
  const source = readFileSync(file, "utf8");
  const found = [
    ...source.matchAll(/^(?:import|export)\b(?:[^;"']*?\bfrom)?\s*["']([^"']+)["']/gm),
    ...source.matchAll(/\bimport\(\s*["']([^"']+)["']/g),
  ];
  for (const [, specifier = ""] of found) {
    if (specifier.startsWith(".")) {
      if (!specifier.endsWith(".ts") && !specifier.endsWith(".json"))
        problems.push(`${file}: write the extension: ${specifier}`);
      continue;
    }
    const ok = (allowed[layer] ?? []).some(
      (name) =>
        specifier === name ||
        specifier.startsWith(`${name}/`) ||
        (/[:/]$/.test(name) && specifier.startsWith(name)),
    );
    if (!ok) problems.push(`${file}: ${layer} may not import ${specifier}`);
  }
}
if (files === 0) problems.push("check-deps found no source file: run it from the repository root");
console.log(problems.join("\n") || `check-deps: ${files} files ok`);
process.exitCode = problems.length > 0 ? 1 : 0;
