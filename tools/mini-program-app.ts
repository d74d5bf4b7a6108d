import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { rolldown } from "rolldown";
import { bundleForMiniProgram } from "./bundle-mini-program.ts";

/** The one file that holds all logic; pages require it, so that it exists once. */
const logicFile = "logic.js";

/**
 * Builds a mini program: `src/index.ts` becomes one file, every script in `app` becomes one that requires it, everything
 * else in `app` is copied. All scripts are CommonJS in ES2018, so the developer tools have nothing to compile.
 *
 * @param folder - Of the workspace.
 * @param outDir - Emptied before.
 */
export async function buildMiniProgram(
  folder: string,
  outDir: string,
): Promise<{ files: number; bytes: number }> {
  const app = resolve(folder, "app");
  const logic = resolve(folder, "src/index.ts");
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, logicFile), await bundleForMiniProgram(logic, { format: "cjs" }));
  for (const name of globSync("**/*", { cwd: app })) {
    const source = join(app, name);
    const target = join(outDir, name);
    if (statSync(source).isDirectory()) continue;
    mkdirSync(dirname(target), { recursive: true });
    if (!name.endsWith(".ts")) cpSync(source, target);
    else if (isScript(app, name))
      writeFileSync(target.replace(/\.ts$/, ".js"), await script(app, name, logic));
  }
  const files = globSync("**/*.*", { cwd: outDir });
  const bytes = files.reduce((sum, name) => sum + statSync(join(outDir, name)).size, 0);
  return { files: files.length, bytes };
}

/** `app.ts` and pages run by themselves; what they import goes into them. */
function isScript(app: string, name: string): boolean {
  const { pages } = JSON.parse(readFileSync(join(app, "app.json"), "utf8")) as { pages: readonly string[] };
  return ["app", ...pages].includes(name.slice(0, -".ts".length).replaceAll(sep, "/"));
}

async function script(app: string, name: string, logic: string): Promise<string> {
  const toLogic = relative(dirname(name), logicFile).replaceAll(sep, "/");
  const bundle = await rolldown({
    input: join(app, name),
    transform: { target: "es2018" },
    plugins: [
      {
        name: "logic apart",
        resolveId: (specifier: string, importer: string | undefined) =>
          importer !== undefined && resolve(dirname(importer), specifier) === logic
            ? { id: toLogic.startsWith(".") ? toLogic : `./${toLogic}`, external: true }
            : undefined,
      },
    ],
  });
  try {
    const { output } = await bundle.generate({ format: "cjs" });
    return output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  } finally {
    await bundle.close();
  }
}
