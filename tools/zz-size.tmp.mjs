import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
const entry = process.argv[2] ?? "packages/phone/src/index.ts";
for (const transform of [{}, {target:"es2018"}, {target:"es2018", assumptions:{setPublicClassFields:true, noDocumentAll:true, objectRestNoSymbols:true}}, {target:"es2018", assumptions:{setPublicClassFields:true, noDocumentAll:true, objectRestNoSymbols:true}, typescript:{removeClassFieldsWithoutInitializer:false}, decorator:{}, plugins:{}}, ]) {
  for (const format of ["esm","cjs"]) {
  try {
  const b = await rolldown({ input: entry, resolve: { conditionNames: ["source", "default"] }, transform });
  const { output } = await b.generate({ format, minify: true });
  const code = output.map(c => c.code ?? "").join("");
  console.log(JSON.stringify(transform), format, code.length, gzipSync(code,{level:9}).length, /#\w/.test(code), /\?\./.test(code), /WeakMap/.test(code));
  } catch (e) { console.log(String(e).slice(0,300)); }
}}
