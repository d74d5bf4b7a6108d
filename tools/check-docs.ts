/**
 * Fails when a document stops telling the truth: an exported name without a doc comment, a link to a file that is not
 * there, a command in a README that package.json does not know, READMEs that differ in their commands, generated pages
 * that are out of date, texts that name a machine.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const problems: string[] = [];
const read = (file: string): string => readFileSync(file, "utf8");
const ignored = (path: string): boolean => /(^|\/)(node_modules|dist|\.softap)\//.test(path);

/** Every `export` of a declaration in a published package carries a comment that says what it is. */
function checkComments(): number {
  let names = 0;
  for (const file of globSync("packages/*/src/**/*.ts", { exclude: ["**/dist/**"] })) {
    const lines = read(file).split("\n");
    for (const [index, line] of lines.entries()) {
      const name =
        /^export (?:abstract )?(?:async )?(?:interface|type|function\*?|class|const) ([A-Za-z_]\w*)/.exec(
          line,
        )?.[1];
      if (name === undefined) continue;
      names += 1;
      const above = lines[index - 1] ?? "";
      // Overloads share the comment of the first one.
      if (above.startsWith(`export function ${name}`)) continue;
      if (!/\*\/\s*$/.test(above)) problems.push(`${file}:${index + 1}: ${name} has no doc comment`);
    }
  }
  return names;
}

function checkLinks(): number {
  let links = 0;
  for (const file of globSync("**/*.md").filter((path) => !ignored(path))) {
    for (const [, target = ""] of read(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:|#)/.test(target)) continue;
      links += 1;
      const path = join(dirname(file), decodeURI(target.replace(/#.*$/, "")));
      if (!existsSync(path)) problems.push(`${file}: link to ${target}, which does not exist`);
    }
  }
  return links;
}

function codeBlocks(file: string): string[] {
  return [...read(file).matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map(([, block = ""]) =>
    block.replace(/\s+#.*$/gm, ""),
  );
}

function checkReadmes(): void {
  const english = codeBlocks("README.md");
  const chinese = codeBlocks("README.zh-CN.md");
  if (JSON.stringify(english) !== JSON.stringify(chinese))
    problems.push("README.md and README.zh-CN.md differ in their code blocks");
  const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
  for (const file of globSync("{*,docs/**/*,lab/*,bench/*}.md"))
    for (const [, script = ""] of read(file).matchAll(/npm run ([\w:-]+)/g))
      if (!scripts.includes(script)) problems.push(`${file}: npm run ${script} is not in package.json`);
  const agents = read("AGENTS.md").split("\n").length;
  if (agents > 120) problems.push(`AGENTS.md has ${agents} lines, at most 120 are allowed`);
}

function checkGenerated(): void {
  for (const tool of globSync("tools/gen-*.ts")) {
    const run = spawnSync("node", ["--conditions=source", tool, "--check"], { encoding: "utf8" });
    if (run.status !== 0) problems.push(`${tool} --check: ${run.stdout}${run.stderr}`.trim());
  }
}

/** Nothing published names the machine on which it was written. */
function checkPaths(): void {
  for (const file of globSync(
    "{*,docs/**/*,packages/*/{src,test}/**/*,apps/*/{src,test}/**/*,lab/**/*,bench/**/*,spec/**/*,tools/**/*}.{md,ts,json,sh}",
  )) {
    if (ignored(file) || file === "tools/check-docs.ts") continue;
    const found = /(?<![\w.])\/(?:work|root|home\/[a-z]+)\/[\w.-]+|registry\.npmjs\.org/.exec(read(file));
    if (found !== null) problems.push(`${file}: names a place of one machine: ${found[0]}`);
  }
}

const names = checkComments();
const links = checkLinks();
checkReadmes();
checkGenerated();
checkPaths();
if (names === 0) problems.push("check-docs found no exported name: run it from the repository root");
console.log(problems.join("\n") || `check-docs: ${names} exported names, ${links} links ok`);
process.exitCode = problems.length > 0 ? 1 : 0;
