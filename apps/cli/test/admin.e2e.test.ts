import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anyCloudPorts, parseEvents, type Result, softap, SoftapProcess } from "./softap-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test(
  "an operator's day: first start, product, device, user, login, and everything deleted again",
  { timeout: 120_000 },
  async () => {
    const home = temporaryFolder();
    const data = join(home, "data");
    const cloudArgs = ["cloud", "--json", "--data", data, ...anyCloudPorts];
    const cloud = new SoftapProcess(cloudArgs, { home });
    const listening = await cloud.eventNamed("listening");
    const { token } = await cloud.eventNamed("adminToken");
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, "cloud.db")).mode & 0o777).toBe(0o600);

    const env = { SOFTAP_CLOUD_URL: String(listening["url"]), SOFTAP_ADMIN_TOKEN: String(token) };
    const run = (...args: readonly string[]): Promise<Result> => softap(args, { home, env });
    const runJson = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
      const { exit, stdout, stderr } = await run(...args, "--json");
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      return parseEvents(stdout).at(-1) ?? {};
    };

    const secretFile = join(home, "lamp.product-secret");
    const product = await runJson("product", "create", "--name", "Lamp", "--secret-file", secretFile);
    const productId = String(product["productId"]);
    expect(product).toMatchObject({
      event: "product",
      registrationMode: "off",
      productSecretFile: secretFile,
    });
    expect(product).not.toHaveProperty("productSecret");
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(secretFile, "utf8")).toMatch(/^\w{16,}\n$/);

    const updated = await runJson(
      "product",
      "update",
      productId,
      "--registration",
      "pre-created",
      "--device-limit",
      "5",
    );
    expect(updated).toMatchObject({ registrationMode: "pre-created", deviceLimit: 5, name: "Lamp" });
    expect(await runJson("product", "show", productId)).toMatchObject({ registrationMode: "pre-created" });

    const device = await runJson("registry", "create", productId, "lamp-1", "--print-secret");
    expect(device["deviceSecret"]).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    const reset = await runJson("registry", "reset", productId, "lamp-1", "--print-secret");
    expect(reset["deviceSecret"]).not.toBe(device["deviceSecret"]);

    const refused = await run("product", "delete", productId);
    expect(refused.stderr).toBe(
      `softap: It exists already: Product ${productId} still has devices: delete them first (SA5113)\n  → Choose another name\n`,
    );
    expect(refused.exit).toBe(5);

    const table = (await run("registry", "list", productId)).stdout.split("\n");
    expect(table[0]).toMatch(/^deviceName +origin +isOnline +registeredAtS +activatedAtS +createdAtS$/);
    expect(table[1]).toMatch(/^lamp-1 +admin +false +– +– +20\d\d-/);

    const user = await softap(
      ["user", "create", "--email", "me@example.com", "--password-file", "-", "--json"],
      {
        home,
        env,
        input: "canary-password\n",
      },
    );
    const userId = String(parseEvents(user.stdout)[0]?.["userId"]);
    expect(user.exit).toBe(0);
    const twice = await softap(["user", "create", "--email", "me@example.com"], {
      home,
      env: { ...env, SOFTAP_PASSWORD: "canary-password" },
    });
    expect(twice.stderr).toMatch(/^softap: It exists already: .* \(SA5113\)/);
    expect(await runJson("user", "list")).toMatchObject({ event: "user", userId, email: "me@example.com" });

    const wrong = await softap(["login", "--email", "me@example.com"], {
      home,
      env: { ...env, SOFTAP_PASSWORD: "canary-wrong" },
    });
    expect(wrong.stderr).toBe("softap: The account or the password is wrong (SA5106)\n  → Type them again\n");
    const login = await softap(["login", "--email", "me@example.com"], {
      home,
      env: { ...env, SOFTAP_PASSWORD: "canary-password" },
    });
    const account = join(home, ".config", "softap", "account.json");
    expect(login).toMatchObject({
      exit: 0,
      stderr: "",
      stdout: `Logged in to ${env.SOFTAP_CLOUD_URL} as me@example.com; kept in ${account}\n`,
    });
    expect(statSync(account).mode & 0o777).toBe(0o600);

    expect(await runJson("user", "delete", userId)).toEqual({ event: "deleted", userId });
    expect(await runJson("registry", "delete", productId, "lamp-1")).toMatchObject({ event: "deleted" });
    expect(await runJson("product", "delete", productId)).toEqual({ event: "deleted", productId });
    expect((await run("product", "show", productId)).stderr).toMatch(
      /^softap: There is no such thing: .*\(SA5114\)/,
    );
    expect((await run("product", "list")).stdout.split("\n")).toHaveLength(2);

    const stranger = await softap(["product", "list"], {
      env: { ...env, SOFTAP_ADMIN_TOKEN: "canary-not-the-token" },
    });
    expect(stranger.stderr).toMatch(/^softap: The admin token is not valid.* \(SA5112\)/);
    expect(stranger.exit).toBe(5);

    cloud.kill("SIGTERM");
    const end = await cloud.ended;
    expect(end.exit).toBe(0);
    expect(end.stderr).not.toContain(String(token));
    expect(parseEvents(end.stdout).at(-1)).toEqual({ event: "stopped" });

    const second = new SoftapProcess(cloudArgs, { home });
    await second.eventNamed("listening");
    expect(second.events.map(({ event }) => event)).not.toContain("adminToken");
  },
);
