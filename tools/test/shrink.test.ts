import { describe, expect, test } from "vitest";
import {
  withoutConstantTables,
  withoutEmptyFields,
  withoutLogLines,
  withoutNullishDefaults,
  withoutPrivateNames,
  withoutWords,
} from "../shrink.ts";

describe("withoutPrivateNames()", () => {
  test("names private members of every class anew, the most used first", () => {
    const code = "class A { #rare = 1; #often = 2; m() { return this.#often + this.#often + this.#rare } }";
    expect(withoutPrivateNames(`${code}class B { #x = 1 }`)).toBe(
      "class A { t = 1; e = 2; m() { return this.e + this.e + this.t } }class B { e = 1 }",
    );
  });

  test.each(["o.e", "({ e: 1 })", "({ e }) => e", "class C { e = 1 }", "class C { e() {} }"])(
    "leaves out a letter that %s has as a public name",
    (use) => {
      expect(withoutPrivateNames(`class A { #x = 1 } ${use}`)).toBe(`class A { t = 1 } ${use}`);
    },
  );

  test("goes on with numbers where a class has more members than there are letters", () => {
    const names = Array.from({ length: 60 }, (_none, index) => `x${index}`);
    const code = withoutPrivateNames(
      `class A { ${names.map((name, index) => `#${name} = ${index};`).join(" ")} sum() { return ${names.map((name) => `this.#${name}`).join("+")} } } ; new A().sum()`,
    );
    expect(evaluated(code)).toBe(1770);
  });

  test("keeps members of a class and of one that extends it apart", () => {
    const code = withoutPrivateNames(
      "class A { #x = 1; get() { return this.#x } } class B extends A { #x = 2 } ; new B().get()",
    );
    expect(evaluated(code)).toBe(1);
  });

  test("takes the class that has the name where one stands in another", () => {
    const code = withoutPrivateNames(
      "class A { #x = 1; #y = 2; m() { const a = this; return new (class { #y = 3; n() { return [a.#x, this.#y] } })().n() } } ; new A().m()",
    );
    expect(evaluated(code)).toEqual([1, 3]);
  });
});

describe("withoutWords()", () => {
  const words = new Set(["often", "rare", "kind", "one", "two"]);

  test("gives names and texts a short name each, the most used first", () => {
    expect(withoutWords('f(x.rare, x.often, { often: "one" }, y === "one", "two", "three")', words)).toBe(
      'f(x.t, x.e, { e: "e" }, y === "e", "t", "three")',
    );
  });

  test("keeps the variable of a member that is named like it", () => {
    const code = "const { often, rare = 2 } = o; f({ often, rare })";
    expect(withoutWords(code, words)).toBe("const { e: often, t: rare = 2 } = o; f({ e: often, t: rare })");
  });

  test("takes a quoted name for a name", () => {
    const code = 'const o = { "kind": 1, often: 2 }; ["kind" in o, o["kind"], o.kind, o["often"], "kind"]';
    expect(withoutWords(code, words)).toBe(
      'const o = { "e": 1, t: 2 }; ["e" in o, o["e"], o.e, o["t"], "e"]',
    );
    expect(evaluated(withoutWords(code, words))).toEqual([true, 1, 1, 2, "e"]);
  });

  test.each([
    ["x.often, x.e", "x.t, x.e"],
    ['"one", "e"', '"t", "e"'],
  ])("gives no name that is there already: %s", (code, short) => {
    expect(withoutWords(code, words)).toBe(short);
  });

  test("takes a template that holds nothing for a text, and no other", () => {
    expect(withoutWords("f(`one`, `${x}one`)", words)).toBe('f("e", `${x}one`)');
  });

  test("leaves variables and what is computed alone", () => {
    const code = "const often = 1; x[often]; ({ [often]: often })";
    expect(withoutWords(code, words)).toBe(code);
  });
});

describe("withoutNullishDefaults()", () => {
  test.each([
    "f(undefined ?? 1)",
    "f(null ?? x ?? y(), a() ?? 6)",
    "f((a() ?? 4) ?? {})",
    "f(0 ?? 1, '' ?? 1)",
    "f((null ?? (null)) ?? 3)",
    "f(o?.p ?? 'q')",
    "f(null ?? null ?? 5)",
  ])("gives the same for %s", (call) => {
    const code = `const x = 7, b = 8, o = {}; function a() { return null } function y() { throw 1 }; function f(...all) { return all }; ${call}`;
    const short = withoutNullishDefaults(code);
    expect(short).toContain("nullishOr(");
    expect(evaluated(short)).toEqual(evaluated(code));
  });

  test.each(["f(a ?? b())", "f(a ?? b.c)", "f(a ?? notThere)", "f(a || 1)"])(
    "leaves alone what must not be done early: %s",
    (code) => {
      expect(withoutNullishDefaults(code)).toBe(code);
    },
  );
});

describe("withoutConstantTables()", () => {
  test("writes members where they are read", () => {
    expect(withoutConstantTables('const t = { a: 1, b: "x" }; f(t.a, t.b, { t: 1 }, u.t);')).toBe(
      'const t = { a: 1, b: "x" }; f(1, "x", { t: 1 }, u.t);',
    );
  });

  test.each([
    "const t = { a: 1 }; f(t.a, t);",
    "const t = { a: 1 }; f(t.a, { t });",
    "const t = { a: 1 }; f(t[a], t.a);",
    "const t = { a: 1 }; f(t.a, t.b);",
    "const t = { a: 1 }; function f(t) { return t.a }",
    "const t = { a: 1 }; const { a } = t; f(t.a);",
    "const t = { a: g() }; f(t.a);",
    "const t = { a: 1, ...u }; f(t.a);",
    "let t = { a: 1 }; f(t.a);",
  ])("leaves alone what is used otherwise or is not constant: %s", (code) => {
    expect(withoutConstantTables(code)).toBe(code);
  });
});

describe("withoutEmptyFields()", () => {
  test("leaves out fields of instances without a value", () => {
    expect(withoutEmptyFields("class A { x; y = 1; static z; }")).toBe("class A {  y = 1; static z; }");
  });
});

describe("withoutLogLines()", () => {
  test("drops calls of a log and keeps calls of others", () => {
    const code = (first: string, second: string): string =>
      `class A { #log; m(log) { ${first}; ${second}; log.slice(1); x.error(c); } }`;
    expect(withoutLogLines(code("log.debug(a())", "this.#log.warn(b)"))).toBe(code("void 0", "void 0"));
  });
});

function evaluated(code: string): unknown {
  // oxlint-disable-next-line no-eval -- what the code does is what is asked
  return (0, eval)(code);
}
