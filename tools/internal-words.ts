import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ESTree, parseSync, Visitor } from "rolldown/utils";

/**
 * Modules whose types never leave a session: the phone's machine with what carries out its effects, and the engine. Not those
 * of the folder that the package exports.
 */
const internalModules =
  /\/(?:phone\/src\/(?:device-channel|provisioning\/(?!options|progress|verdict|provision)[\w-]+)|ports\/src\/engine)\.ts$/;

/** What every mini program is made of; its own modules come to it. */
const packages = fileURLToPath(new URL("../packages/", import.meta.url));
const packageModules = `${packages}{protocol,ports,phone,wechat}/src/**/*.ts`;

/** Objects of the language, whose members are called as they are. */
const language =
  "Object Function Array String Number Boolean Symbol RegExp Date Error Promise Map Set WeakSet ArrayBuffer Uint8Array Math JSON";

/**
 * Words that sources use among themselves: names of members, and texts that tell variants of a type apart, which internal
 * modules declare and no other module knows, be it as a name or as a text.
 *
 * @param modules - Pattern of the files that the code may hold besides our packages.
 */
export function internalWords(modules: string): ReadonlySet<string> {
  const declared = new Set<string>();
  const known = new Set(["value", "done", "next"]);
  for (const name of language.split(" ")) addMembers(Reflect.get(globalThis, name), known);
  for (const file of globSync([packageModules, modules])) {
    const { program } = parseSync(file, readFileSync(file, "utf8"), { lang: "ts" });
    if (internalModules.test(file)) addDeclared(program, declared);
    else addUsed(program, known);
  }
  return new Set([...declared].filter((word) => !known.has(word)));
}

/** Members of an object or a class and of what they stem from. */
function addMembers(owner: unknown, into: Set<string>): void {
  if (owner === null || owner === undefined) return;
  for (const name of Object.getOwnPropertyNames(owner)) into.add(name);
  addMembers(Object.getPrototypeOf(owner), into);
  if (typeof owner === "function") addMembers(owner.prototype, into);
}

/** Members and variants that types declare. */
function addDeclared(program: ESTree.Program, into: Set<string>): void {
  const member = ({ key, computed }: { key: ESTree.PropertyKey; computed: boolean }): void => {
    if (!computed && key.type === "Identifier") into.add(key.name);
  };
  new Visitor({
    TSPropertySignature: member,
    TSMethodSignature: member,
    PropertyDefinition: member,
    MethodDefinition: member,
    TSLiteralType({ literal }) {
      if (literal.type === "Literal" && typeof literal.value === "string") into.add(literal.value);
    },
  }).visit(program);
}

/** Every name of a member, and every text. */
function addUsed(program: ESTree.Program, into: Set<string>): void {
  const member = ({ key }: { key: ESTree.PropertyKey }): void => {
    if (key.type === "Identifier") into.add(key.name);
  };
  new Visitor({
    TSPropertySignature: member,
    TSMethodSignature: member,
    PropertyDefinition: member,
    MethodDefinition: member,
    Property: member,
    MemberExpression({ property }) {
      if (property.type === "Identifier") into.add(property.name);
    },
    Literal({ value }) {
      if (typeof value === "string") into.add(value);
    },
    TemplateElement({ value }) {
      into.add(value.raw);
    },
  }).visit(program);
}
