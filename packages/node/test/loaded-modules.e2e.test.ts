import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/list-loaded.ts", import.meta.url));

/** Which of the big things a process has loaded that makes the ports and uses some. */
async function loadedAfter(...uses: readonly string[]): Promise<readonly string[]> {
  const run = promisify(execFile)(process.execPath, ["--conditions=source", program, ...uses]);
  const { builtins, packages } = JSON.parse((await run).stdout) as {
    readonly builtins: readonly string[];
    readonly packages: readonly string[];
  };
  const big = [
    ...["http", "tls", "internal/deps/undici/undici"].filter((name) =>
      builtins.includes(`NativeModule ${name}`),
    ),
    ...["mqtt", "ws"].filter((name) => packages.some((path) => path.startsWith(`${name}/`))),
  ];
  return big.toSorted();
}

describe("nodePorts()", () => {
  test("loads neither mqtt.js nor HTTP nor TLS before they are used", async () => {
    expect(await loadedAfter()).toEqual([]);
  });

  test("brings HTTP without undici, which costs 16 MB", async () => {
    expect(await loadedAfter("http")).toEqual(["http"]);
  });

  test("brings mqtt.js with the first connection, or when it is prepared", async () => {
    const withMqtt = await loadedAfter("mqtt");
    expect(withMqtt).toContain("mqtt");
    expect(withMqtt).not.toContain("internal/deps/undici/undici");
    expect(await loadedAfter("prepare")).toEqual(withMqtt);
  });
});
