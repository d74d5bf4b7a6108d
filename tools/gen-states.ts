/** Collects the diagrams that stand above the state machines into docs/states.md. With `--check` it only compares. */
import { globSync, readFileSync, writeFileSync } from "node:fs";

const sections: string[] = [];
for (const file of globSync("packages/*/src/**/*.ts").toSorted()) {
  const source = readFileSync(file, "utf8");
  for (const [, comment = ""] of source.matchAll(/\/\*\*([\s\S]*?)\*\//g)) {
    const text = comment.replace(/^ \* ?/gm, "");
    const diagram = /```mermaid\n[\s\S]*?```/.exec(text)?.[0];
    if (diagram === undefined) continue;
    const summary = text.slice(0, text.indexOf("```mermaid")).trim();
    sections.push(`## [${file.replace(/^packages\//, "")}](../${file})\n\n${summary}\n\n${diagram}\n`);
  }
}
if (sections.length === 0) throw new Error("gen-states found no diagram: run it from the repository root");
const text = `# State machines

<!-- Written by tools/gen-states.ts from the comments above the machines: \`npm run states\`. -->

Each machine is a pure function \`step(state, event)\`; \`packages/ports/src/engine.ts\` runs them all. The whole table of each, state × event, is a
snapshot beside its test.

${sections.join("\n")}`;

const file = "docs/states.md";
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.log(`${file} is out of date: run \`npm run states\``);
  process.exitCode = 1;
}
