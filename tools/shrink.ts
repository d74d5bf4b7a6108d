/** Rewritings of bundled code that a minifier does not do. Each takes and gives code, and leaves what it does as it is. */
import { type ESTree, parseSync, Visitor } from "rolldown/utils";

/** A piece of code and what to write in its place. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Leaves out fields without a value: what they name is `undefined` before it is assigned either way. */
export function withoutEmptyFields(code: string): string {
  const edits: Edit[] = [];
  visit(code, {
    PropertyDefinition({ value, static: isStatic, start, end }) {
      if (value === null && !isStatic) edits.push({ start, end, text: "" });
    },
  });
  return edited(code, edits);
}

/**
 * Writes `a ?? b` as a call where `b` is a plain value, which costs nothing to have at hand: what ES2018 would have in its place
 * is a variable, an assignment and a comparison each time.
 */
export function withoutNullishDefaults(code: string): string {
  const edits: Edit[] = [];
  visit(code, {
    LogicalExpression({ operator, left, right, start, end }) {
      if (operator !== "??" || !isPlain(right)) return;
      const at = code.indexOf("??", left.end);
      edits.push(
        { start, end: start, text: "nullishOr(" },
        { start: at, end: at + 2, text: "," },
        { start: end, end, text: ")" },
      );
    },
  });
  if (edits.length === 0) return code;
  if (code.includes("nullishOr")) throw new Error("the code has a nullishOr already");
  return `function nullishOr(value, other) { return value == null ? other : value }\n${edited(code, edits)}`;
}

/** Whether a value is at hand wherever it is written. A variable is not: it may be one that does not exist, or not yet. */
function isPlain(node: ESTree.Expression): boolean {
  if (node.type === "ObjectExpression") return node.properties.length === 0;
  return node.type === "Literal";
}

/** Names for private members, in the order in which minifiers name variables, so that they resemble what stands around them. */
const letters = Array.from("etnriaoscludfpmhgvbywkxjqzABCDEFGHIJKLMNOPQRSTUVWXYZ");

/**
 * Makes private members such with a short name, given anew in every class, the most used first. ES2018 has no private ones, and
 * the usual rewriting keeps each in a `WeakMap` of its own. Nothing of ours lists the members of an object of a class, no public
 * name begins with an underscore, and a letter that is the name of a public one is left out. A class that extends another has
 * names that no other class has.
 */
export function withoutPrivateNames(code: string): string {
  const edits: Edit[] = [];
  const publicNames = new Set<string>();
  const named: { heir: number | undefined; members: ESTree.PrivateIdentifier[][] }[] = [];
  const classes: { heir: number | undefined; uses: Map<string, ESTree.PrivateIdentifier[]> }[] = [];
  let heirs = 0;
  const enter = ({ superClass }: ESTree.Class): void => {
    classes.push({ heir: superClass === null ? undefined : ++heirs, uses: new Map() });
  };
  const leave = (): void => {
    const { heir, uses = new Map<string, ESTree.PrivateIdentifier[]>() } = classes.pop() ?? {};
    named.push({ heir, members: [...uses.values()].toSorted((a, b) => b.length - a.length) });
  };
  const know = ({ key, computed }: { key: ESTree.PropertyKey; computed: boolean }): void => {
    if (!computed && key.type === "Identifier") publicNames.add(key.name);
  };
  visit(code, {
    ClassDeclaration: enter,
    ClassExpression: enter,
    "ClassDeclaration:exit": leave,
    "ClassExpression:exit": leave,
    ClassBody({ body }) {
      for (const member of body)
        if ("key" in member && member.key.type === "PrivateIdentifier")
          classes.at(-1)?.uses.set(member.key.name, []);
    },
    PrivateIdentifier(node) {
      const owner = classes.findLast(({ uses }) => uses.has(node.name));
      owner?.uses.get(node.name)?.push(node);
    },
    Property: know,
    MethodDefinition: know,
    PropertyDefinition: know,
    MemberExpression({ property, computed }) {
      if (!computed && property.type === "Identifier") publicNames.add(property.name);
    },
  });
  const free = letters.filter((letter) => !publicNames.has(letter));
  for (const { heir, members } of named)
    for (const [index, nodes] of members.entries()) {
      const text = heir === undefined ? (free[index] ?? `_${index}`) : `_${heir}_${index}`;
      for (const { start, end } of nodes) edits.push({ start, end, text });
    }
  return edited(code, edits);
}

/**
 * Writes the members of constant tables, such as limits and codes, where they are read: the table itself is left to the tree
 * shaker. A table that is used in any other way than by reading a member stays.
 */
export function withoutConstantTables(code: string): string {
  const tables = new Map<string, Map<string, string>>();
  const reads = new Map<string, Edit[]>();
  /** Where a name is only a name, or is dealt with. */
  const harmless = new Set<number>();
  visit(code, {
    Program({ body }) {
      for (const statement of body) {
        if (statement.type !== "VariableDeclaration" || statement.kind !== "const") continue;
        for (const { id, init } of statement.declarations) {
          const members = id.type === "Identifier" ? constantMembers(code, init) : undefined;
          if (id.type !== "Identifier" || members === undefined) continue;
          harmless.add(id.start);
          tables.set(id.name, members);
          reads.set(id.name, []);
        }
      }
    },
    Property({ key, computed, shorthand }) {
      if (!computed && !shorthand) harmless.add(key.start);
    },
    MethodDefinition({ key, computed }) {
      if (!computed) harmless.add(key.start);
    },
    PropertyDefinition({ key, computed }) {
      if (!computed) harmless.add(key.start);
    },
    MemberExpression({ object, property, computed, start, end }) {
      if (computed) return;
      harmless.add(property.start);
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      const text = tables.get(object.name)?.get(property.name);
      if (text === undefined) return;
      harmless.add(object.start);
      reads.get(object.name)?.push({ start, end, text });
    },
    Identifier({ name, start }) {
      if (!harmless.has(start)) reads.delete(name);
    },
  });
  return edited(code, [...reads.values()].flat());
}

/** Members of an object that has nothing but plain values. */
function constantMembers(code: string, init: ESTree.Expression | null): Map<string, string> | undefined {
  if (init?.type !== "ObjectExpression") return undefined;
  const members = new Map<string, string>();
  for (const property of init.properties) {
    if (property.type !== "Property" || property.computed || property.value.type !== "Literal")
      return undefined;
    if (property.key.type !== "Identifier") return undefined;
    members.set(property.key.name, code.slice(property.value.start, property.value.end));
  }
  return members;
}

/** Drops every line for a log; for bundles that are given none. A log is what is called so, whoever holds it. */
export function withoutLogLines(code: string): string {
  const edits: Edit[] = [];
  visit(code, {
    CallExpression({ callee, start, end }) {
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      if (!/^(?:debug|info|notice|warn|error)$/.test(callee.property.name)) return;
      const { object } = callee;
      const holder = object.type === "MemberExpression" ? object.property : object;
      if ("name" in holder && holder.name === "log") edits.push({ start, end, text: "void 0" });
    },
  });
  return edited(code, edits);
}

/**
 * Gives words a short name each, the most used first: `words` are names of members and texts that nothing outside of the code
 * uses. Names and texts are told apart, so that both have the shortest.
 */
export function withoutWords(code: string, words: ReadonlySet<string>): string {
  const names = new Uses(words);
  const texts = new Uses(words);
  /** Texts that are names: `"name" in object`, `object["name"]`. */
  const quoted = new Set<number>();
  const name = (node: ESTree.Node, write = (short: string) => short): void => {
    if (node.type === "Identifier") names.add(node.name, node, write);
    if (node.type !== "Literal" || typeof node.value !== "string") return;
    quoted.add(node.start);
    names.add(node.value, node, (short) => `"${short}"`);
  };
  const member = ({ key, computed }: { key: ESTree.PropertyKey; computed: boolean }): void => {
    if (!computed || key.type === "Literal") name(key);
  };
  visit(code, {
    Property(property) {
      const { key, shorthand } = property;
      // `{ name }` is member and variable in one.
      if (shorthand && key.type === "Identifier") name(key, (short) => `${short}: ${key.name}`);
      else member(property);
    },
    PropertyDefinition: member,
    MethodDefinition: member,
    MemberExpression({ property, computed }) {
      if (!computed || property.type === "Literal") name(property);
    },
    BinaryExpression({ operator, left }) {
      if (operator === "in" && left.type === "Literal") name(left);
    },
    Literal(literal) {
      if (typeof literal.value === "string" && !quoted.has(literal.start))
        texts.add(literal.value, literal, (short) => `"${short}"`);
    },
    TemplateLiteral(template) {
      const [only] = template.quasis;
      if (template.expressions.length === 0 && only !== undefined)
        texts.add(only.value.raw, template, (short) => `"${short}"`);
    },
  });
  return edited(code, [...names.edits(), ...texts.edits()]);
}

/** Where each word stands. */
class Uses {
  readonly #words: ReadonlySet<string>;
  readonly #uses = new Map<string, { start: number; end: number; write: (short: string) => string }[]>();
  /** Words that stay as they are: nothing may be called like them. */
  readonly #others = new Set<string>();

  constructor(words: ReadonlySet<string>) {
    this.#words = words;
  }

  add(word: string, { start, end }: ESTree.Span, write: (short: string) => string): void {
    if (!this.#words.has(word)) {
      this.#others.add(word);
      return;
    }
    const uses = this.#uses.get(word) ?? [];
    this.#uses.set(word, uses);
    uses.push({ start, end, write });
  }

  edits(): Edit[] {
    const pairs = letters.flatMap((first) => letters.map((second) => first + second));
    const free = [...letters, ...pairs].filter((short) => !this.#others.has(short));
    return [...this.#uses.values()]
      .toSorted((a, b) => b.length - a.length)
      .flatMap((uses, index) =>
        uses.map(({ start, end, write }) => ({ start, end, text: write(free[index] ?? `_${index}_`) })),
      );
  }
}

function visit(code: string, visitor: ConstructorParameters<typeof Visitor>[0]): void {
  const { program, errors } = parseSync("bundle.js", code);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("; "));
  new Visitor(visitor).visit(program);
}

function edited(code: string, edits: readonly Edit[]): string {
  let text = code;
  for (const { start, end, text: instead } of edits.toSorted((a, b) => b.start - a.start))
    text = text.slice(0, start) + instead + text.slice(end);
  return text;
}
