import { rolldown } from "rolldown";

const [folder = ""] = process.argv.slice(2);
const here = import.meta.dirname;

/** What the VM runs, each with everything that it imports: hundreds of small files would take half a minute there. */
const programs = [
  { name: "softap", input: `${here}/../apps/cli/bin/softap.js` },
  { name: "lab", input: `${here}/src/main.ts` },
  {
    name: "contract",
    input: `${here}/contract/radio.contract.ts`,
    alias: { vitest: `${here}/contract/criteria.ts` },
  },
];

for (const { name, input, alias = {} } of programs) {
  const bundle = await rolldown({ input, platform: "node", resolve: { alias }, logLevel: "silent" });
  await bundle.write({ dir: `${folder}/${name}`, format: "esm", entryFileNames: "main.js" });
  await bundle.close();
}
