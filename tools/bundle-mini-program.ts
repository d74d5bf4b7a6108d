import { rolldown } from "rolldown";
import { parseAst } from "rolldown/parseAst";

/** Mini programs run what was current in 2018; newer syntax is rewritten by WeChat's own tools only when a developer asks for it. */
const target = "es2018";

/** What our sources use and engines of that time lack: added where it is missing, before anything of ours runs. */
const builtins = `(function(){
function add(o,n,f){o[n]||Object.defineProperty(o,n,{value:f,writable:true,configurable:true})}
add(Symbol,"asyncIterator",Symbol("asyncIterator"));
add(Object,"hasOwn",function(o,k){return Object.prototype.hasOwnProperty.call(o,k)});
add(Object,"fromEntries",function(e){var o={},p;for(p of e)o[p[0]]=p[1];return o});
add(Array.prototype,"at",function(i){return this[i<0?this.length+i:i]});
add(Array.prototype,"toSorted",function(c){return this.slice().sort(c)});
add(Array.prototype,"flatMap",function(f){return Array.prototype.concat.apply([],this.map(f))});
add(Promise,"allSettled",function(p){return Promise.all(Array.from(p,function(q){return Promise.resolve(q).then(
function(v){return{status:"fulfilled",value:v}},function(e){return{status:"rejected",reason:e}})}))});
})();
`;

/**
 * Bundles an entry for mini programs: one file, ES2018, minified.
 *
 * Private members become members with an underscore: as ES2018 has none, the usual rewriting would keep each in a `WeakMap`
 * of its own, which makes the file a seventh longer and every access slower.
 */
export async function bundleForMiniProgram(entry: string, format: "cjs" | "esm"): Promise<string> {
  const whole = await generate({ input: entry, resolve: { conditionNames: ["source", "default"] } }, {});
  const id = "\0softap";
  return generate(
    {
      input: id,
      // What it adds must be there when the first class of ours is made.
      treeshake: false,
      transform: { target, assumptions: { setPublicClassFields: true, noDocumentAll: true } },
      plugins: [
        {
          name: "one file",
          resolveId: (name: string) => (name === id ? id : undefined),
          load: (name: string) => (name === id ? builtins + withoutPrivateNames(whole) : undefined),
        },
      ],
    },
    { format, minify: true },
  );
}

async function generate(
  input: Parameters<typeof rolldown>[0],
  output: Parameters<Awaited<ReturnType<typeof rolldown>>["generate"]>[0],
): Promise<string> {
  const bundle = await rolldown(input);
  try {
    const { output: chunks } = await bundle.generate({ format: "esm", ...output });
    return chunks.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  } finally {
    await bundle.close();
  }
}

function withoutPrivateNames(code: string): string {
  const names = privateNames(parseAst(code));
  const short = new Map(
    [...new Set(names.map(({ name }) => name))].map((name, index) => [name, `_${index.toString(36)}`]),
  );
  let text = code;
  for (const { name, start, end } of names.toSorted((a, b) => b.start - a.start))
    text = `${text.slice(0, start)}${short.get(name)}${text.slice(end)}`;
  return text;
}

/** Every place of a private name, `#` included. */
function privateNames(node: unknown): { name: string; start: number; end: number }[] {
  if (Array.isArray(node)) return node.flatMap(privateNames);
  if (typeof node !== "object" || node === null) return [];
  if (isPrivateName(node)) return [node];
  return Object.values(node).flatMap(privateNames);
}

function isPrivateName(node: object): node is { name: string; start: number; end: number } {
  return "type" in node && node.type === "PrivateIdentifier";
}
