import { conditions } from "./conditions.ts";
import { type CellFigure, isOurVerdict } from "./matrix.ts";

/** Where the page stands. */
export const pagePath = "docs/field.md";

const intro = `# In the field

How often a device gets into its owner's account, how long the person waits for a verdict, and how often the verdict is wrong, when the air, the phone,
the device and the cloud behave as they do outside of a desk. Everything runs in virtual time with chances that follow from a seed, so the page can be made again,
number for number: \`npm run bench:field\` writes it, \`npm run bench:field -- --quick\` takes fewer runs, prints the summary and writes nothing, and \`--seed N\`
takes other chances. It exits with 1 when a verdict of ours is wrong.
`;

const reading = `## How to read it

- **bound**: share of runs in which the person was told that the device is bound, and it was.
- **unknown**: share of runs in which the person was told that nobody knows yet. Only our phone says so; the other three say "failed".
- **wrong**: runs in which the person was told what was not true: bound although the family does not have the device, or failed although the cloud heard the
  device report the token, before that or after it. An honest "failed" is not wrong. For ours this must be 0.
- **p50, p95, p99**: from the person's tap to the verdict, whatever it is, in seconds. A quick "failed" makes these small: read them beside "bound".

Every run draws its own times: the phone needs 1.5 to 4 s to change networks, the router 0.5 to 4 s to let a device in and 0.2 to 2 s for an address, the cloud
20 to 120 ms each way. The same condition has the same chances for every device and phone.

Our phone stays on the soft AP of a device that keeps it up while it joins, until the device is bound: only there can be heard at once that the passphrase is wrong.
So its time is a sum: to the soft AP, device to router and cloud, and home. Nothing else is waited for: in "loss 0 %", of a median of 10 s, 2.7 s are the
first, 4.0 s the second, 2.8 s the third, and 0.4 s questions to the cloud. Android and iOS go home at the first reply, which saves the overlap, and never hear the reason. A device
with one radio drops its soft AP anyway, so that our phone leaves it at once, and the device goes on at that moment.

## Who takes part

- **ours** is what ships: \`provision()\` with the app client on the phone's side, \`Device\` on a radio that keeps its soft AP while it joins, and **ours, one radio** on one
  that cannot. The cloud is a model that knows four actions and one message; nothing of ours is changed for it.
- **ESP demo**, **C SDK** and **esp-qcloud** are models of the vendor's devices: buffers, copies, forced waits, what ends them, what they try again, and that a
  restart makes them forget the token. The C SDK's soft AP is taken to stay up while it joins, which its platform decides; that of esp-qcloud goes 1 s after its
  answer.
- **mini program**, **Android** and **iOS** are models of the vendor's phones: payloads, times of their sends, what they accept, how long they ask the cloud.
  What Android and iOS do when a question to the cloud fails is not known; here they ask again. "Retry" by the person, and the mini program's optional automatic one,
  are left out, as for ours.
- esp-qcloud reads 127 bytes of a datagram. The requests of Android and iOS are longer, so that it never understands them.

## Conditions

- _Loss_, _duplication_ and _reordering_ are shares of the datagrams on the soft AP, in each direction.
- _No reply arrives_ and _no request arrives_ break one direction for good. Without requests nobody can be bound; the only question is what the person is told.
- _Phone to mobile data_: at that moment the phone's system leaves the soft AP, which has no internet, or the way home, and stays on mobile data until the app asks
  for a network once more. Our phone looks every 2 s, until the first answer, whether it is still on the soft AP, and joins it again, twice at most. On the way home the
  request to go back is not answered in time; the cloud is asked by mobile data meanwhile, and the models of the vendor's phones count that as back.
- _Soft AP changes channel_: phones drop off when the device joins its router, and go home by themselves.
- _Device reboots_: its power goes, and 2 s later its program starts again.
- _Cloud unreachable_: for 30 s from the moment at which the phone leaves the soft AP, for phone and device alike.
- _Device clock_: off by a year, with a cloud that refuses expired logins. Models of the vendor's devices have no use for their clock.
`;

/** The whole page. */
export function formatPage(figures: readonly CellFigure[], seed: number): string {
  const runs = figures[0]?.runs ?? 0;
  return [
    intro,
    `This page: seed ${seed}, ${runs} runs per line, ${figures.length * runs} in all.\n`,
    formatSummary(figures),
    reading,
    ...conditions.map(({ name }) => formatCondition(name, figures)),
  ].join("\n");
}

/** All conditions together, for every device and phone. */
export function formatSummary(figures: readonly CellFigure[]): string {
  const phones = [...new Set(figures.map(({ phone }) => phone))];
  const devices = [...new Set(figures.map(({ device }) => device))];
  const rows = devices.map((device) => [
    device,
    ...phones.map((phone) => {
      const cells = figures.filter((figure) => figure.device === device && figure.phone === phone);
      const sum = (of: (figure: CellFigure) => number): number =>
        cells.reduce((total, figure) => total + of(figure), 0);
      return `${share(
        sum(({ bound }) => bound),
        sum(({ runs }) => runs),
      )}, ${sum(({ wrong }) => wrong)} wrong`;
    }),
  ]);
  const heads = ["Device", ...phones.map((phone) => (isOurVerdict({ phone }) ? "Phone: ours" : phone))];
  return `## All conditions together\n\nBound, and wrong verdicts. In "no request arrives" nothing ever reaches a device, and in "phone to mobile data after joining" nothing but the requests of a phone that joins again: ours.\n\n${table(heads, rows)}`;
}

function formatCondition(name: string, figures: readonly CellFigure[]): string {
  const heads = ["Device", "Phone", "bound", "unknown", "wrong", "p50", "p95", "p99"];
  const rows = figures
    .filter(({ condition }) => condition === name)
    .map((figure) => [
      figure.device,
      figure.phone,
      share(figure.bound, figure.runs),
      share(figure.unknown, figure.runs),
      String(figure.wrong),
      seconds(figure.p50Ms),
      seconds(figure.p95Ms),
      seconds(figure.p99Ms),
    ]);
  return `## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n${table(heads, rows)}`;
}

function share(count: number, of: number): string {
  const percent = (100 * count) / of;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Columns as wide as they need, as the formatter would have them. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(3, ...[head, ...rows.map((row) => row[column] ?? "")].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${[line(heads), rule, ...rows.map(line)].join("\n")}\n`;
}
