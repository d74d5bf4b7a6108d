import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { version } from "../src/command-table.ts";
import { type PackedPackage, servePackages } from "./package-registry.ts";
import { cleanEnvironment, parseEvents } from "./softap-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const root = new URL("../../../", import.meta.url).pathname;
const bin = new URL("../bin/softap.js", import.meta.url).pathname;
const run = promisify(execFile);

/** What the tests need of a `package.json`. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node: string };
}

const manifests = new Map(
  globSync("{packages,apps}/*/package.json", { cwd: root }).map((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest;
    return [manifest.name, manifest] as const;
  }),
);

function manifestOf(name: string): Manifest {
  return manifests.get(name) ?? expect.unreachable();
}

/** A package of ours and all that it needs of ours. */
function withOwnDependencies(name: string, found: Set<string> = new Set()): ReadonlySet<string> {
  found.add(name);
  for (const dependency of Object.keys(manifestOf(name).dependencies ?? {}))
    if (manifests.has(dependency) && !found.has(dependency)) withOwnDependencies(dependency, found);
  return found;
}

test(
  "npm install -g softap gives a command that runs without the sources",
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder();
    const names = [...withOwnDependencies("softap")];
    await run("tsc", ["-b", "apps/cli"], { cwd: root, env: withTools() });
    const packed = await run(
      "npm",
      [
        "pack",
        "--json",
        "--ignore-scripts",
        "--pack-destination",
        folder,
        ...names.flatMap((name) => ["-w", name]),
      ],
      { cwd: root, env: withTools(), maxBuffer: 16_777_216 },
    );
    const packages = packedOf(packed.stdout);
    expect(packages.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const { files } of packages)
      expect(files.filter(({ path }) => /(^|\/)test\/|\.env$/.test(path))).toEqual([]);

    const registry = await servePackages(packages, folder, manifestOf);
    const own = packages.find(({ name }) => name === "softap") ?? expect.unreachable();
    const prefix = join(folder, "prefix");
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
    const where = ["--prefix", prefix, `--@softap:registry=${registry}`];
    await run("npm", ["install", "-g", ...quiet, ...where, join(folder, own.filename)], {
      cwd: folder,
      env: withTools(),
    });

    const softap = (...args: readonly string[]): Promise<{ stdout: string }> =>
      run(process.execPath, [join(prefix, "bin/softap"), ...args], {
        cwd: folder,
        env: cleanEnvironment(folder),
      });
    expect((await softap("--version")).stdout).toBe(`${version}\n`);
    expect((await softap("--help")).stdout).toMatch(/^Usage: softap <command>/);
    const events = parseEvents((await softap("demo", "--json")).stdout);
    expect(events.at(-1)).toMatchObject({ event: "finished", verdict: "bound", error: null });
  },
);

test("an old Node is turned away in words, before anything of ours is loaded", async () => {
  const { engines } = manifestOf("softap");
  const least = /^>=(\d+)$/.exec(engines?.node ?? "")?.[1] ?? expect.unreachable();
  const old = `${Number(least) - 1}.99.0`;
  const pretend = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"${old}"}})`;
  const turnedAway = run(process.execPath, ["--import", `data:text/javascript,${pretend}`, bin, "--version"]);
  await expect(turnedAway).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: `softap: Node.js ${least} or newer is needed, this is ${old}\n  → Install a newer one from nodejs.org or your system's packages\n`,
  });
});

/** The machine's own settings of npm and its cache, and the tools of this repository. */
function withTools(): NodeJS.ProcessEnv {
  const tools = `${join(root, "node_modules/.bin")}:${dirname(process.execPath)}`;
  return { ...process.env, PATH: `${tools}:${process.env["PATH"] ?? ""}` };
}

/** npm 11 prints a list, newer ones an object by name. */
function packedOf(stdout: string): readonly PackedPackage[] {
  const told = JSON.parse(stdout) as readonly PackedPackage[] | Readonly<Record<string, PackedPackage>>;
  return Object.values(told);
}
