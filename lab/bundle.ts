import { rolldown } from "rolldown";

const [folder = ""] = process.argv.slice(2);
const here = import.meta.dirname;

/** What runs in the machines, each with everything that it imports: there, every file costs time. */
const programs = [
  { name: "softap", input: `${here}/../apps/cli/bin/softap.js` },
  { name: "lab", input: `${here}/src/main.ts` },
  {
    name: "contract",
    input: `${here}/contract/radio.contract.ts`,
    alias: { vitest: `${here}/contract/criteria.ts` },
  },
  { name: "junk", input: `${here}/src/junk.ts` },
  { name: "costs", input: `${here}/contract/costs.ts` },
];

for (const { name, input, alias = {} } of programs) {
  const bundle = await rolldown({ input, platform: "node", resolve: { alias }, logLevel: "silent" });
  await bundle.write({ dir: `${folder}/${name}`, format: "esm", entryFileNames: "main.js" });
  await bundle.close();
}
