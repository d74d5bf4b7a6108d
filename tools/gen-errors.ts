/**
 * Writes what spec/errors.json says into the sources and the docs:
 * codes.ts, registry.ts, vendor-pairs.ts, cloud-codes.ts and texts.ts in packages/protocol/src/errors, and docs/errors.md. With `--check` it only compares.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

interface Entry {
  readonly code: string;
  readonly number: string;
  readonly kind: string;
  readonly vendor: readonly [number, number] | null;
  readonly retry: "yes" | "no" | "input";
  readonly actor: string;
  readonly http: number;
  readonly exit: number;
  readonly bindReply?: number;
  readonly registration?: number;
  readonly app?: string;
  readonly en: { readonly text: string; readonly action: string };
  readonly zh: { readonly text: string; readonly action: string };
}
interface Registry {
  readonly exitCodes: Record<string, string>;
  readonly vendorErrors: readonly { readonly id: number; readonly name: string; readonly text: string }[];
  readonly vendorSubIds: readonly { readonly sub: number; readonly name: string }[];
  readonly errors: readonly Entry[];
}

const registry: Registry = JSON.parse(readFileSync("spec/errors.json", "utf8"));
const quote = (text: string): string => JSON.stringify(text);

const head =
  "// Written by tools/gen-errors.ts from spec/errors.json. Change that file and run `npm run errors`.\n";

/** What every side needs. */
function codesSource(): string {
  const errors = registry.errors.toSorted((a, b) => a.number.localeCompare(b.number));
  const runs: { kind: string; first: number; count: number }[] = [];
  for (const { number, kind } of errors) {
    const digits = Number(number.slice(2));
    const run = runs.at(-1);
    if (run?.kind === kind && run.first + run.count === digits) run.count += 1;
    else runs.push({ kind, first: digits, count: 1 });
  }
  const retries = errors.map(({ retry }) => ["no", "yes", "input"].indexOf(retry)).join("");
  return `${head}
/** Every error, in the order of its number. */
export const errorCodes = [
${errors.map(({ code }) => `  ${quote(code)},`).join("\n")}
] as const;

/** The stable name of an error. */
export type ErrorCode = (typeof errorCodes)[number];

/** Numbers of {@link errorCodes}: those of one kind that follow one another. Packed, because every app and every firmware carries it. */
export const numberRuns = [
${runs.map(({ kind, first, count }) => `  [${quote(kind)}, ${first}, ${count}],`).join("\n")}
] as const;

/** Whether to try again, one digit for each of {@link errorCodes}: 0 no, 1 yes, 2 with other input. */
export const retryDigits = ${quote(retries)};
`;
}

/** What only those need who answer: kept apart, so that an app does not carry it. */
function registrySource(): string {
  const rows = registry.errors.map((entry) => {
    const fields = [
      `...basics.${entry.code}`,
      ...(entry.vendor === null ? [] : [`vendor: [${entry.vendor.join(", ")}]`]),
      `http: ${entry.http}`,
      `exit: ${entry.exit}`,
      ...(entry.bindReply === undefined ? [] : [`bindReply: ${entry.bindReply}`]),
      ...(entry.registration === undefined ? [] : [`registration: ${entry.registration}`]),
      ...(entry.app === undefined ? [] : [`app: ${quote(entry.app)}`]),
    ];
    return `  ${entry.code}: { ${fields.join(", ")} },`;
  });
  return `${head}
import { type ErrorBasics, errorBasics as basics } from "./basics.ts";
import type { ErrorCode } from "./codes.ts";

/** What the registry says of one error. Texts for people stand in \`@softap/protocol/texts\`. */
export interface ErrorEntry extends ErrorBasics {
  /** [id, sub id] of the v2.0 log text; absent where the error never reaches a v2.0 phone. */
  readonly vendor?: readonly [number, number];
  /** HTTP status. */
  readonly http: number;
  /** Exit code of the command \`softap\`. */
  readonly exit: number;
  /** \`code\` in \`app_bind_token_reply\`. */
  readonly bindReply?: number;
  /** \`code\` of dynamic registration. */
  readonly registration?: number;
  /** \`Error.Code\` of the app API. */
  readonly app?: string;
}

/** Every error, by code. */
export const errorRegistry = {
${rows.join("\n")}
} as const satisfies Record<ErrorCode, ErrorEntry>;
`;
}

/** What a device needs to tell a v2.0 phone. */
function vendorPairsSource(): string {
  const texts = registry.vendorErrors.map(({ text }) => `  ${quote(text)},`);
  const pairs = registry.errors.flatMap(({ code, vendor }) =>
    vendor === null ? [] : [`  ${code}: [${vendor.join(", ")}],`],
  );
  return `${head}
import type { ErrorCode } from "./codes.ts";

/** The vendor's error texts; the index is the id. */
export const vendorErrorTexts = [
${texts.join("\n")}
] as const;

/** [id, sub id] of the v2.0 log text, by code; absent where an error never reaches a v2.0 phone. */
export const vendorPairs: Readonly<Partial<Record<ErrorCode, readonly [id: number, subId: number]>>> = {
${pairs.join("\n")}
};
`;
}

/** The registry read backwards: what a number or name of the cloud means. */
function cloudCodesSource(): string {
  const table = (name: string, about: string, key: (entry: Entry) => string | number | undefined): string => {
    const codes = new Map<string | number, string>();
    for (const entry of registry.errors) {
      const found = key(entry);
      if (found !== undefined && !codes.has(found)) codes.set(found, entry.code);
    }
    const rows = [...codes].map(([found, code]) => `  ${quote(String(found))}: ${quote(code)},`);
    return `/** ${about} */
export const ${name}: Readonly<Record<string, ErrorCode>> = {
${rows.join("\n")}
};
`;
  };
  return `${head}
import type { ErrorCode } from "./codes.ts";

${[
  table("codeOfBindReply", "Our code for `code` in `app_bind_token_reply`.", (entry) => entry.bindReply),
  table("codeOfRegistration", "Our code for `code` of dynamic registration.", (entry) => entry.registration),
  table("codeOfApp", "Our code for `Error.Code` of the app API; the first of several.", (entry) =>
    entry.app === "InternalError" ? undefined : entry.app,
  ),
].join("\n")}`;
}

function textsSource(): string {
  const rows = registry.errors.map(
    ({ code, en, zh }) =>
      `  ${code}: { en: [${quote(en.text)}, ${quote(en.action)}], zh: [${quote(zh.text)}, ${quote(zh.action)}] },`,
  );
  return `${head}
import type { ErrorCode } from "./codes.ts";

/** Languages that every text exists in. */
export type Language = "en" | "zh";

/** What went wrong and what to do, by code and language. */
export const errorTexts: Record<ErrorCode, Record<Language, readonly [text: string, action: string]>> = {
${rows.join("\n")}
};
`;
}

function docs(): string {
  const cell = (value: string | number | undefined): string => (value === undefined ? "–" : String(value));
  const rows = registry.errors.map(
    (e) =>
      `| ${e.number} | \`${e.code}\` | ${e.vendor === null ? "–" : `(${e.vendor.join(", ")})`} | ${e.en.text}. *${e.en.action}.* | ${e.zh.text}。*${e.zh.action}。* | ${e.retry} | ${e.http} | ${e.exit} | ${cell(e.bindReply ?? e.registration)} | ${cell(e.app)} |`,
  );
  const exits = Object.entries(registry.exitCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  const vendor = registry.vendorErrors.map(({ id, name, text }) => `| ${id} | \`${name}\` | ${text} |`);
  const subs = registry.vendorSubIds.map(({ sub, name }) => `| ${sub} | \`${name}\` |`);
  return `# Errors

<!-- Written by tools/gen-errors.ts from spec/errors.json. -->

Every error has a stable code and a number that stands behind its message. *v2.0* is the pair that an existing phone reads in the
\`log\` text of an error datagram. *Retry*: \`input\` means only with other input. *Wire code* is the \`code\` of \`app_bind_token_reply\`
or of dynamic registration.

| Number | Code | v2.0 | English | 中文 | Retry | HTTP | Exit | Wire code | App API |
|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

## Exit codes of the command \`softap\`

| Exit code | Meaning |
|---|---|
${exits.join("\n")}

## The vendor's 28 error numbers

| Id | Constant | Text |
|---|---|---|
${vendor.join("\n")}

Named sub ids:

| Sub id | Constant |
|---|---|
${subs.join("\n")}
`;
}

const outputs: Record<string, string> = {
  "packages/protocol/src/errors/codes.ts": codesSource(),
  "packages/protocol/src/errors/registry.ts": registrySource(),
  "packages/protocol/src/errors/vendor-pairs.ts": vendorPairsSource(),
  "packages/protocol/src/errors/cloud-codes.ts": cloudCodesSource(),
  "packages/protocol/src/errors/texts.ts": textsSource(),
  "docs/errors.md": docs(),
};
const isCheck = process.argv.includes("--check");
let stale = 0;
for (const [file, text] of Object.entries(outputs)) {
  const formatted = file.endsWith(".ts")
    ? execFileSync("oxfmt", ["--stdin-filepath", file], { input: text, encoding: "utf8" })
    : text;
  if (!isCheck) writeFileSync(file, formatted);
  else if (readFileSync(file, "utf8") !== formatted) {
    console.log(`${file} does not say what spec/errors.json says: run \`npm run errors\``);
    stale += 1;
  }
}
if (stale === 0) console.log(`gen-errors: ${registry.errors.length} errors ${isCheck ? "ok" : "written"}`);
process.exitCode = stale === 0 ? 0 : 1;
