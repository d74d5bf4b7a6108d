import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commandTable, overview, version } from "../src/command-table.ts";
import { buildProgram } from "../src/program.ts";

const root = new URL("../../../", import.meta.url).pathname;

/** Every command that does something, with its full name; a mere group takes no options. */
function leaves(command: Command, prefix = ""): readonly (readonly [string, Command])[] {
  const below = command.commands.flatMap((child) => leaves(child, `${prefix} ${child.name()}`.trim()));
  const isGroup = below.length > 0 && (prefix === "" || command.options.length === 0);
  return isGroup ? below : [[prefix, command], ...below];
}

describe("the command line", async () => {
  const all = leaves(await buildProgram(commandTable.map(({ name }) => name)));

  test("has the commands of the guide", () => {
    expect(all.map(([name]) => name)).toEqual([
      "demo",
      "cloud",
      "device",
      ...["status", "install", "uninstall"].map((name) => `device ${name}`),
      "provision",
      "logs",
      "login",
      ...["create", "list", "show", "update", "delete"].map((name) => `product ${name}`),
      ...["create", "list", "show", "reset", "delete"].map((name) => `registry ${name}`),
      ...["create", "list", "delete"].map((name) => `user ${name}`),
      "doctor",
    ]);
  });

  test.each(all)(
    "%s takes --json, --lang and --log-level, and says what every option means",
    (_name, command) => {
      const shown = command.options.filter(({ hidden }) => !hidden);
      const taken = [...shown, ...(command.parent?.options ?? [])];
      expect(taken.map(({ long }) => long)).toEqual(
        expect.arrayContaining(["--json", "--lang", "--log-level"]),
      );
      for (const { description, long } of shown)
        expect(`${long}: ${description}`).toMatch(/^--[a-z-]+: \S.{4,}[^.]$/);
    },
  );

  test.each(all)("%s reads no variable but SOFTAP_…, and takes secrets only from files", (_name, command) => {
    for (const { envVar = "SOFTAP_", hidden, long, flags } of command.options) {
      expect(envVar).toMatch(/^SOFTAP_/);
      if (!hidden && /passphrase|password|secret|token/.test(long ?? ""))
        expect(flags).toMatch(/-file <file>$|^--(wrong-passphrase|print-secret)$/);
    }
  });

  test("has the guide's defaults", () => {
    const defaults = (name: string): Readonly<Record<string, unknown>> =>
      all.find(([found]) => found === name)?.[1].opts() ?? {};
    expect(defaults("provision")).toMatchObject({ host: "192.168.4.1", port: 8266, profile: "default" });
    expect(defaults("device")).toMatchObject({
      port: 8266,
      logPort: 9876,
      security: "psk",
      bindMode: "reply",
    });
    expect(defaults("cloud")).toMatchObject({
      host: "127.0.0.1",
      httpPort: 8080,
      mqttPort: 1883,
      mqttsPort: 8883,
    });
  });
});

test("overview() names every command, in lines that fit a terminal", () => {
  const text = overview();
  for (const { name } of commandTable) expect(text).toMatch(new RegExp(`^ {2}${name} `, "m"));
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
});

test("version is that of the package", () => {
  const { version: packaged } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as {
    version: string;
  };
  expect(version).toBe(packaged);
});

test("docs/config.md says what --help says", () => {
  const output = execFileSync(process.execPath, ["--conditions=source", "tools/gen-config.ts", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(output).toMatch(/^gen-config: \d+ commands ok\n$/);
});
