import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
for (const [format,transform] of [["esm",undefined],["esm",{}]]) {
  const b = await rolldown({ input: "packages/phone/src/index.ts", resolve: { conditionNames: ["source", "default"] }, ...(transform?{transform}:{}) });
  const { output } = await b.generate({ format, minify: true });
  const code = output.map(c => c.type==="chunk"?c.code:"").join("");
  console.log(output.length, code.length, gzipSync(code,{level:9}).length);
}
