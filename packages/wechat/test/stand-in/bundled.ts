import { createContext, runInContext, runInThisContext } from "node:vm";

/** What engines of 2018 lack, and what is not of the language. */
const newer = `
  for (const [owner, names] of [
    [Object, ["hasOwn", "fromEntries", "groupBy"]],
    [Array, ["fromAsync"]],
    [Promise, ["allSettled", "any", "withResolvers", "try"]],
    [Array.prototype, ["at", "flat", "flatMap", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
    [String.prototype, ["at", "matchAll", "replaceAll", "trimStart", "trimEnd", "isWellFormed", "toWellFormed"]],
    [Uint8Array.prototype.__proto__, ["at", "findLast", "toSorted", "toReversed", "with"]],
    [globalThis, ["structuredClone", "WeakRef", "BigInt", "AggregateError", "Iterator", "WebAssembly", "console"]],
  ]) for (const name of names) delete owner[name];
  delete globalThis.globalThis;`;

/** What a bundle exports. */
type Exports = Readonly<Record<string, unknown>>;

/**
 * Loads a bundle as a mini program does: in a world of its own, which has the language of 2018, timers, and the `wx` of this one.
 *
 * @param options.hasWx - Whether there is one. @defaultValue true
 * @returns What it exports, of that world too: its errors are no `Error` of the test's.
 */
export function loadApart(code: string, format: "cjs" | "esm", options: { hasWx?: boolean } = {}): Exports {
  const { hasWx = true } = options;
  const exports: Record<string, unknown> = {};
  const context = createContext({ setTimeout, clearTimeout, module: { exports }, exports });
  if (hasWx) Object.defineProperty(context, "wx", { get: () => Reflect.get(globalThis, "wx") });
  runInContext(newer, context);
  runInContext(format === "cjs" ? code : asScript(code), context);
  return exports;
}

/** Loads a CommonJS bundle into the test's own world. */
export function loadHere(code: string): Exports {
  const module: { exports: Exports } = { exports: {} };
  runInThisContext(`(function (module, exports) { ${code} })`)(module, module.exports);
  return module.exports;
}

/** The exports of a module, which Node would load only into its own world, written as a script. */
function asScript(code: string): string {
  return code.replace(/export\{([^}]*)\};?\s*$/, (_all, names: string) =>
    names.replace(
      /([\w$]+)(?: as (\w+))?,?/g,
      (_one, local: string, name = local) => `exports.${name}=${local};`,
    ),
  );
}
