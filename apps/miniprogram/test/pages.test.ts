import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";
import { parseWxml, type Template } from "./simulator/wxml.ts";
import { builtApp } from "./simulator/set-up.ts";

let app: { folder: string; remove: () => void } | undefined;
beforeAll(async () => {
  app = await builtApp();
});
afterAll(() => app?.remove());

const read = (file: string): string => readFileSync(join(app?.folder ?? "", file), "utf8");

function bindings(templates: readonly Template[]): readonly string[] {
  return templates.flatMap((template) => {
    if (typeof template === "string") return [];
    const own = Object.entries(template.attributes).filter(([name]) => /^(?:bind|catch)/.test(name));
    return [...own.map(([, handler]) => handler), ...bindings(template.children)];
  });
}

describe("the built app", () => {
  test("has every file of every page, and no TypeScript", () => {
    const { pages } = JSON.parse(read("app.json")) as { pages: readonly string[] };
    const missing = pages
      .flatMap((page) => ["js", "json", "wxml"].map((end) => `${page}.${end}`))
      .filter((file) => !existsSync(join(app?.folder ?? "", file)));
    expect(missing).toEqual([]);
    expect(globSync("**/*.ts", { cwd: app?.folder ?? "" })).toEqual([]);
  });

  test("has a handler for every event that a page listens to, and no other", () => {
    const { pages } = JSON.parse(read("app.json")) as { pages: readonly string[] };
    for (const page of pages) {
      const bound = [...new Set(bindings(parseWxml(read(`${page}.wxml`))))].toSorted();
      const handlers = [...read(`${page}.js`).matchAll(/\b(on[A-Z]\w*):/g)]
        .map(([, name]) => name)
        .toSorted();
      expect(handlers).toEqual(bound);
    }
  });

  test("has scripts that an engine of 2018 can read", () => {
    for (const file of globSync("**/*.js", { cwd: app?.folder ?? "" })) {
      const code = read(file);
      expect(() => parseAst(code)).not.toThrow();
      // ES2018 has neither: the parser of this test would take them.
      expect(code).not.toMatch(/\?\.[A-Za-z_$([]|\?\?|#[A-Za-z_]\w*[=;(,.]|^\s*import\b/m);
    }
  });
});

describe("parseWxml()", () => {
  test.each(["<view>", "<view></text>", "</view>", "<view class=x></view>", "<view"])(
    "refuses %s",
    (source) => {
      expect(() => parseWxml(source)).toThrow(/WXML/);
    },
  );
});
