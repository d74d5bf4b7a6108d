import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { minifySync, transformSync } from "rolldown/utils";
import { internalWords } from "./internal-words.ts";
import {
  withoutConstantTables,
  withoutEmptyFields,
  withoutLogLines,
  withoutNullishDefaults,
  withoutPrivateNames,
  withoutWords,
} from "./shrink.ts";

/** Mini programs run what was current in 2018; newer syntax is rewritten by WeChat's own tools only when a developer asks for it. */
const target = "es2018";

/** What our sources use and engines of that time lack: how to add it. */
const builtins = {
  hasOwn: `add(Object,"hasOwn",function(o,k){return Object.prototype.hasOwnProperty.call(o,k)});`,
  fromEntries: `add(Object,"fromEntries",function(e){var o={},p;for(p of e)o[p[0]]=p[1];return o});`,
  toSorted: `add(Array.prototype,"toSorted",function(c){return this.slice().sort(c)});`,
  flatMap: `add(Array.prototype,"flatMap",function(f){return Array.prototype.concat.apply([],this.map(f))});`,
};

/** How to bundle for mini programs. */
export interface MiniProgramBundleOptions {
  /** `cjs` is what mini programs load. */
  readonly format: "cjs" | "esm";
  /** Whether somebody may give it a log; else what would be written there is left out. @defaultValue true */
  readonly hasLog?: boolean;
}

/** Bundles an entry for mini programs: one file, ES2018, minified, with what older engines lack. */
export async function bundleForMiniProgram(
  entry: string,
  options: MiniProgramBundleOptions,
): Promise<string> {
  const { format, hasLog = true } = options;
  const whole = await bundle({ input: entry, resolve: { conditionNames: ["source", "default"] } });
  const quiet = hasLog ? whole : withoutLogLines(whole);
  const unnamed = withoutEmptyFields(withoutPrivateNames(withoutConstantTables(quiet)));
  const small = withoutNullishDefaults(withoutWords(unnamed, internalWords(join(dirname(entry), "**/*.ts"))));
  const id = "\0softap";
  const shaken = await bundle(
    {
      input: id,
      plugins: [
        {
          name: "one file",
          resolveId: (name: string) => (name === id ? id : undefined),
          // What it adds must be there when the first class of ours is made.
          load: (name: string) => (name === id ? missingBuiltins(small) + small : undefined),
        },
      ],
    },
    { format, generatedCode: { symbols: false } },
  );
  const { code, errors, helpersUsed } = transformSync("bundle.js", shaken, {
    target,
    assumptions: { setPublicClassFields: true, noDocumentAll: true },
  });
  const helpers = Object.keys(helpersUsed ?? {});
  if (errors.length > 0 || helpers.length > 0)
    throw new Error(`cannot be written in ES2018 by itself: ${[...errors, ...helpers].join("; ")}`);
  const minified = minifySync("bundle.js", code, {
    // Also CommonJS is a scope of its own: nothing at its top can be seen from elsewhere.
    module: true,
    compress: { target },
    mangle: { toplevel: true },
  });
  return minified.code;
}

function missingBuiltins(code: string): string {
  const used = Object.entries(builtins).flatMap(([name, add]) =>
    new RegExp(`\\.${name}\\b`).test(code) ? add : [],
  );
  if (used.length === 0) return "";
  return `(function(){
function add(o,n,f){o[n]||Object.defineProperty(o,n,{value:f,writable:true,configurable:true})}
${used.join("\n")}
})();
`;
}

async function bundle(
  input: Parameters<typeof rolldown>[0],
  output: Parameters<Awaited<ReturnType<typeof rolldown>>["generate"]>[0] = {},
): Promise<string> {
  const build = await rolldown(input);
  try {
    const { output: chunks } = await build.generate({ format: "esm", ...output });
    return chunks.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  } finally {
    await build.close();
  }
}
