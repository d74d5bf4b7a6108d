/**
 * Writes docs/config.md: every option of the command `softap` with its variable and default. `--check` only compares.
 *
 * The table is read from the command line itself, so it cannot say anything else than `--help`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { commandTable } from "../apps/cli/src/command-table.ts";
import { buildProgram } from "../apps/cli/src/program.ts";

/** Secrets have a variable but no option. */
const secrets: readonly (readonly [variable: string, what: string, option: string])[] = [
  ["SOFTAP_WIFI_PASSPHRASE", "passphrase of the network that the device shall join", "`--passphrase-file`"],
  ["SOFTAP_SOFT_AP_PASSPHRASE", "passphrase of the device's soft AP", "`--soft-ap-passphrase-file`"],
  ["SOFTAP_DEVICE_SECRET", "device secret", "`--secret-file`"],
  ["SOFTAP_PRODUCT_SECRET", "product secret", "`--product-secret-file`"],
  ["SOFTAP_PASSWORD", "password of an account", "`--password-file`"],
  ["SOFTAP_ACCESS_TOKEN", "access token of an account, in place of a login", "–"],
  ["SOFTAP_ADMIN_TOKEN", "admin token of a cloud", "`--admin-token-file`"],
];

type Program = Awaited<ReturnType<typeof buildProgram>>;

/** A command and those below it that do something, each with its full name; a mere group takes no options. */
function leavesOf(command: Program, prefix: string): [name: string, command: Program][] {
  const name = prefix === "" ? command.name() : `${prefix} ${command.name()}`;
  const below = command.commands.flatMap((child) => leavesOf(child, name));
  return below.length === 0 || command.options.length > 0 ? [[name, command], ...below] : below;
}

/** The command above, where its options count for this one, too. */
function sharedWith({ parent }: Program): string {
  return parent !== null && parent.parent !== null && parent.options.length > 0
    ? ` Takes the options of \`softap ${parent.name()}\`, too.`
    : "";
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function tableOf(command: Program): string {
  const rows = command.options
    .filter((option) => !option.hidden)
    .map((option) => {
      const choices = option.argChoices === undefined ? "" : `: ${option.argChoices.join(", ")}`;
      const [text = "", given] = option.description.split(/ \(default: (.*)\)$/);
      const standard =
        option.defaultValue === undefined ? (given ?? "–") : `\`${String(option.defaultValue)}\``;
      const must = option.mandatory ? " **Required.**" : "";
      const variable = option.envVar === undefined ? "–" : `\`${option.envVar}\``;
      return `| \`${option.flags}\` | ${variable} | ${cell(text + choices)}.${must} | ${cell(standard)} |`;
    });
  return ["| Option | Variable | Meaning | Default |", "|---|---|---|---|", ...rows].join("\n");
}

/** The folders of one machine's user must not get into the text. */
const environment = process.env;
environment["HOME"] = "~";
for (const name of ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "LC_ALL", "LC_MESSAGES", "LANG"])
  delete environment[name];

const program = await buildProgram(commandTable.map(({ name }) => name));
const sections = program.commands.flatMap((command) =>
  leavesOf(command, "softap").map(([name, leaf]) => {
    const args = leaf.registeredArguments.map((argument) => ` <${argument.name()}>`).join("");
    return `## \`${name}${args}\`\n\n${cell(leaf.description())}.${sharedWith(leaf)}\n\n${tableOf(leaf)}\n`;
  }),
);
const text = `# Settings of the command \`softap\`

<!-- Written by tools/gen-config.ts from the options of apps/cli. -->

An option on the command line counts before its variable, the variable before the default. A wrong value ends the command with exit
code 2 before it has done anything.

## Secrets

Secrets never stand on the command line, where every user of the machine can read them. They come from a file, from a variable, or
from a question at the terminal, in this order. A file may end with one line break; \`-\` is the standard input.

| Variable | Secret | File |
|---|---|---|
${secrets.map(([variable, what, option]) => `| \`${variable}\` | ${what} | ${option} |`).join("\n")}

## Everywhere

| Variable | Meaning |
|---|---|
| \`SOFTAP_DEBUG\` | \`1\` prints the stack of an error |
| \`XDG_CONFIG_HOME\`, \`XDG_STATE_HOME\`, \`XDG_CACHE_HOME\` | where logins, states and compiled code are kept below \`softap/\` |
| \`LC_ALL\`, \`LC_MESSAGES\`, \`LANG\` | language of messages where \`--lang\` and \`SOFTAP_LANG\` do not say: Chinese, else English |

${sections.join("\n")}`;

const file = "docs/config.md";
if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
  console.log(`gen-config: ${sections.length} commands written`);
} else if (readFileSync(file, "utf8") === text) console.log(`gen-config: ${sections.length} commands ok`);
else {
  console.log(
    `${file} does not say what softap --help says: run \`node --conditions=source tools/gen-config.ts\``,
  );
  process.exitCode = 1;
}
