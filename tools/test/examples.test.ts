import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

/** Inside the repository, so that the examples find the packages by their names. */
const folder = resolve(".softap/examples");
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Example {
  readonly where: string;
  readonly code: string;
  readonly packageName: string;
}

/** Every example of a doc comment that asserts something; those that assert nothing are sketches. */
const examples: Example[] = globSync("packages/*/src/**/*.ts")
  .flatMap((file) => {
    const packageName = `@softap/${file.split(/[\\/]/)[1] ?? ""}`;
    return [...readFileSync(file, "utf8").matchAll(/@example[^\n]*\n \* ```ts\n([\s\S]*?) \* ```/g)].map(
      ([, block = ""], index): Example => ({
        where: `${file} example ${index + 1}`,
        code: block.replace(/^ \* ?/gm, ""),
        packageName,
      }),
    );
  })
  .filter(({ code }) => code.includes("expect("));

/** The example as a module: names that its package, the language and the virtual world export are at hand. */
async function moduleOf({ code, packageName }: Example): Promise<string> {
  const used = new Set(code.match(/\b[A-Za-z_]\w*\b/g));
  const imports: string[] = [];
  const taken = new Set<string>();
  for (const name of new Set([packageName, "@softap/protocol", "@softap/ports", "@softap/virtual"])) {
    const exported = Object.keys((await import(name)) as object);
    const names = exported.filter((key) => used.has(key) && !taken.has(key));
    for (const key of names) taken.add(key);
    if (names.length > 0) imports.push(`import { ${names.join(", ")} } from "${name}";`);
  }
  return `import { expect } from "vitest";\n${imports.join("\n")}\n${code}`;
}

describe("examples in doc comments", () => {
  test("exist", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each(examples)("$where runs and its assertions hold", async (example) => {
    expect.hasAssertions();
    const file = join(folder, `${example.where.replaceAll(/\W+/g, "-")}.ts`);
    writeFileSync(file, await moduleOf(example));
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  });
});
