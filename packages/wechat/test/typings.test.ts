import { expect, test } from "vitest";
import { spawnSync } from "node:child_process";

test("the wx of the official typings is a Wx", () => {
  const folder = new URL("../typings", import.meta.url).pathname;
  const run = spawnSync("tsc", ["-p", folder], { encoding: "utf8" });
  expect(run.stdout).toBe("");
  expect(run.status).toBe(0);
});
