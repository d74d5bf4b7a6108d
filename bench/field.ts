/**
 * How softap and the vendor's parts fare in the field, in virtual time. `npm run bench:field` writes docs/field.md;
 * `-- --quick` takes fewer runs and only prints; `--seed N` takes other chances. Exits with 1 when a verdict of ours is wrong.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type CellFigure, cells, isOurVerdict, measureCell } from "./field/matrix.ts";
import { formatPage, formatSummary, pagePath } from "./field/page.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) {
  console.error(`--seed is ${values.seed}, a whole number is needed`);
  process.exit(2);
}
const runs = values.quick ? 10 : 200;
const figures: CellFigure[] = [];
for (const [index, cell] of cells.entries()) {
  const { condition, device, phone } = cell;
  const name = `${condition.name}: device ${device.name}, phone ${phone.name}`;
  const isNews = condition !== cells[index - 1]?.condition;
  if (isNews) console.error(`${Math.round((100 * index) / cells.length)} % ${condition.name} …`);
  const isOurs = isOurVerdict({ phone: phone.name });
  figures.push(
    await measureCell(cell, {
      runs,
      seed,
      onWrong: (runSeed, { contradiction, reason }) => {
        if (isOurs) console.error(`WRONG ${name}: ${contradiction} (${reason}), run seed ${runSeed}`);
      },
    }),
  );
}

if (values.quick) console.log(formatSummary(figures));
else {
  writeFileSync(pagePath, formatPage(figures, seed));
  console.log(`written to ${pagePath}`);
}
const wrong = figures.filter(isOurVerdict).reduce((sum, figure) => sum + figure.wrong, 0);
console.log(wrong === 0 ? "no verdict of ours is wrong" : `${wrong} verdicts of ours are wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
