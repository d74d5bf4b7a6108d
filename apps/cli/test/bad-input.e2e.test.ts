import { createServer } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { anyCloudPorts, parseEvents, softap, SoftapProcess } from "./softap-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A command line, and what it must say on the error stream. */
interface Case {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly says: RegExp;
  readonly exit: number;
}

const pid = ["--product-id", "AB12CD34EF", "--device-name", "lamp-1"];

const cases: Readonly<Record<string, Case>> = {
  "an unknown option is answered with the one that was meant": {
    args: ["demo", "--wrong-passphras"],
    says: /^softap: Unknown option '--wrong-passphras': did you mean --wrong-passphrase\? \(SA6401\)\n {2}→ Run "softap demo --help" to see what can be given\n$/,
    exit: 2,
  },
  "an unknown command is answered with the one that was meant": {
    args: ["provison"],
    says: /^softap: Unknown command 'provison': did you mean provision\? \(SA6401\)\n {2}→ Run "softap --help"/,
    exit: 2,
  },
  "an unknown command below another": {
    args: ["product", "remove"],
    says: /^softap: Unknown command 'remove' \(SA6401\)\n {2}→ Run "softap product --help"/,
    exit: 2,
  },
  "an unknown option of a command below another": {
    args: ["device", "install", "--device-nam", "lamp-1"],
    says: /^softap: Unknown option '--device-nam': did you mean --device-name\? \(SA6401\)\n {2}→ Run "softap device install --help"/,
    exit: 2,
  },
  "a group of commands without one of them": {
    args: ["registry"],
    says: /^softap: A command is missing \(SA6401\)\n {2}→ Run "softap registry --help"/,
    exit: 2,
  },
  "a port out of range": {
    args: ["cloud", "--http-port", "65536"],
    says: /'65536' is invalid\. It is a port number, 0 to 65535 \(SA6401\)/,
    exit: 2,
  },
  "a wrong value of a variable": {
    args: ["demo"],
    env: { SOFTAP_DEMO_LOSS: "2" },
    says: /'2' from env 'SOFTAP_DEMO_LOSS' is invalid\. It is a part, 0 to 0\.95 \(SA6401\)/,
    exit: 2,
  },
  "a passphrase on the command line": {
    args: ["provision", "--ssid", "Home-WiFi", "--passphrase", "canary-passphrase"],
    says: /^softap: --passphrase does not exist: others on this machine can read a command line \(SA6401\)\n {2}→ Give --passphrase-file <file>, set SOFTAP_WIFI_PASSPHRASE, or wait to be asked\n$/,
    exit: 2,
  },
  "no network": {
    args: ["provision"],
    says: /^softap: Required option '--ssid <name>' not specified \(SA6401\)/,
    exit: 2,
  },
  "a network name of 33 bytes": {
    args: ["provision", "--ssid", "ü".repeat(16) + "x"],
    says: /^softap: The network name is empty or longer than 32 bytes \(SA1104\)/,
    exit: 2,
  },
  "nobody logged in": {
    args: ["provision", "--ssid", "Home-WiFi"],
    says: /^softap: Nobody is logged in \(SA6401\)\n {2}→ Run "softap login"\n$/,
    exit: 2,
  },
  "an access token without its cloud": {
    args: ["provision", "--ssid", "Home-WiFi"],
    env: { SOFTAP_ACCESS_TOKEN: "canary-token" },
    says: /^softap: SOFTAP_ACCESS_TOKEN does not say of which cloud it is \(SA6401\)\n {2}→ Give --cloud <url>/,
    exit: 2,
  },
  "no passphrase and no terminal": {
    args: ["provision", "--ssid", "Home-WiFi", "--cloud", "http://127.0.0.1:9"],
    env: { SOFTAP_ACCESS_TOKEN: "canary-token" },
    says: /^softap: The Wi-Fi passphrase is missing and there is no terminal to ask for it \(SA6401\)\n {2}→ Give --passphrase-file <file>, set SOFTAP_WIFI_PASSPHRASE, or give --open/,
    exit: 2,
  },
  "a passphrase of 7 characters": {
    args: ["provision", "--ssid", "Home-WiFi", "--cloud", "http://127.0.0.1:9"],
    env: { SOFTAP_ACCESS_TOKEN: "canary-token", SOFTAP_WIFI_PASSPHRASE: "canary7" },
    says: /^softap: The Wi-Fi passphrase must have 8 to 63 characters, .* \(SA1105\)\n {2}→ Type the passphrase again\n$/,
    exit: 2,
  },
  "a file that is missing": {
    args: [
      "provision",
      "--ssid",
      "x",
      "--cloud",
      "http://127.0.0.1:9",
      "--passphrase-file",
      "/nowhere/passphrase",
    ],
    env: { SOFTAP_ACCESS_TOKEN: "canary-token" },
    says: /^softap: The file \/nowhere\/passphrase for the Wi-Fi passphrase cannot be read: it does not exist \(SA6402\)\n {2}→ Check the path\n$/,
    exit: 2,
  },
  "an unreachable cloud at login": {
    args: ["login", "--email", "me@example.com", "--cloud", "http://127.0.0.1:9"],
    env: { SOFTAP_PASSWORD: "canary-password" },
    says: /^softap: Nobody listens at this address and port: .*127\.0\.0\.1:9.* \(SA3105\)\n {2}→ Check that the server runs/,
    exit: 4,
  },
  "an unknown host of the cloud": {
    args: ["product", "list", "--cloud", "http://cloud.invalid"],
    env: { SOFTAP_ADMIN_TOKEN: "canary-admin" },
    says: /^softap: The host name is not known: .*cloud\.invalid.* \(SA3106\)/,
    exit: 4,
  },
  "no account to log in": {
    args: ["login"],
    says: /^softap: Whose account is it\? \(SA6401\)\n {2}→ Give --email <address> or --phone <number>\n$/,
    exit: 2,
  },
  "no password and no terminal": {
    args: ["login", "--email", "me@example.com"],
    says: /^softap: The password of me@example\.com is missing and there is no terminal to ask for it \(SA6401\)/,
    exit: 2,
  },
  "no admin token": {
    args: ["user", "list"],
    says: /^softap: The admin token is missing .* \(SA6401\)\n {2}→ Give --admin-token-file <file> or set SOFTAP_ADMIN_TOKEN\n$/,
    exit: 2,
  },
  "a secret without a place to go": {
    args: ["product", "create", "--name", "Lamp"],
    env: { SOFTAP_ADMIN_TOKEN: "canary-admin" },
    says: /^softap: The product secret is told only once and has no place to go \(SA6401\)\n {2}→ Give --secret-file/,
    exit: 2,
  },
  "an air file that is missing": {
    args: ["device", ...pid, "--air", "/nowhere/air.json"],
    env: { SOFTAP_DEVICE_SECRET: "Y2FuYXJ5LXNlY3JldCEhIQ==" },
    says: /^softap: The file \/nowhere\/air\.json for the air cannot be read: it does not exist \(SA6402\)/,
    exit: 2,
  },
  "a device without any secret": {
    args: ["device", ...pid],
    says: /^softap: The device has neither a device secret nor a product secret to register with \(SA6401\)\n {2}→ Give --secret-file/,
    exit: 2,
  },
  "a certificate without its key": {
    args: ["cloud", "--certificate", "/nowhere/cert.pem"],
    says: /^softap: A certificate needs its private key, and a key its certificate \(SA6401\)/,
    exit: 2,
  },
};

describe("bad input ends with one sentence, its number and the right exit code", () => {
  test.concurrent.each(Object.entries(cases))("%s", async (_name, { args, env = {}, says, exit }) => {
    const result = await softap(args, { env });
    expect(result.stderr).toMatch(says);
    expect(result.exit).toBe(exit);
    expect(result.stdout).toBe("");
    expect(result.stderr).not.toMatch(/canary|\n\s+at /);
  });
});

describe("with --json the sentence stands on standard output and nothing else is printed", () => {
  test("in the verdict of provision and demo", async () => {
    const result = await softap(["provision", "--json", "--ssid", "x", "--los"]);
    expect(result).toMatchObject({ exit: 2, stderr: "" });
    expect(result.stdout).toMatch(
      /^\{"event":"finished","verdict":"failed","deviceId":null,"elapsedMs":\d+,"error":\{"code":"USAGE",/,
    );
    expect(parseEvents(result.stdout)).toHaveLength(1);
  });

  test("in an error event elsewhere", async () => {
    const result = await softap(["user", "list", "--json"]);
    expect(result).toMatchObject({ exit: 2, stderr: "" });
    expect(parseEvents(result.stdout)).toEqual([
      expect.objectContaining({ event: "error", code: "USAGE", number: "SA6401" }),
    ]);
  });
});

test("a stack is shown only with SOFTAP_DEBUG=1", async () => {
  const result = await softap(["demo", "--nonsense"], { env: { SOFTAP_DEBUG: "1" } });
  expect(result.stderr).toMatch(/UsageError: Unknown option '--nonsense' \(SA6401\)\n\s+at /);
  expect(result.exit).toBe(2);
});

test("--lang zh and a Chinese locale speak Chinese", async () => {
  const args = ["login", "--email", "me@example.com", "--cloud", "http://127.0.0.1:9"];
  const env = { SOFTAP_PASSWORD: "canary-password" };
  const byOption = await softap([...args, "--lang", "zh"], { env });
  const byLocale = await softap(args, { env: { ...env, LC_ALL: "zh_CN.UTF-8" } });
  expect(byOption.stderr).toContain("该地址和端口没有服务");
  expect(byLocale.stderr).toBe(byOption.stderr);
});

test("a port in use is named by softap cloud", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  onTestFinished(() => void server.close());
  const result = await softap([
    "cloud",
    "--http-port",
    String(port),
    "--mqtt-port",
    "0",
    "--mqtts-port",
    "0",
  ]);
  expect(result.stderr).toMatch(
    new RegExp(`softap: The port is taken by another program: .*${port}.* \\(SA3101\\)\\n {2}→ `),
  );
  expect(result.exit).toBe(4);
});

test("a folder that another cloud uses is named by softap cloud", async () => {
  const data = temporaryFolder();
  const args = ["cloud", "--data", data, ...anyCloudPorts];
  const running = new SoftapProcess([...args, "--json"]);
  onTestFinished(() => running.end());
  await running.eventNamed("listening");
  const result = await softap(args);
  expect(result.stderr).toMatch(/^softap: Another process uses the saved state: .* \(SA6105\)\n {2}→ /);
  expect(result.stderr).toContain(data);
  expect(result.exit).toBe(1);
});

test("a damaged database is named by softap cloud", async () => {
  const data = temporaryFolder();
  mkdirSync(data, { recursive: true });
  const database = join(data, "cloud.db");
  writeFileSync(database, "this is no database, however long one looks at it ".repeat(40));
  const result = await softap(["cloud", "--data", data, ...anyCloudPorts]);
  expect(result.stderr).toMatch(/^softap: Saved state is damaged: .* \(SA6103\)\n {2}→ /);
  expect(result.stderr).toContain(database);
  expect(result.exit).toBe(1);
});

test("a folder that cannot be made is named by softap cloud", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const result = await softap(["cloud", "--data", join(folder, "file", "below")]);
  expect(result.stderr).toContain(join(folder, "file", "below"));
  expect(result.exit).toBe(2);
});

test("an air file with a wrong field names the field", async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const air = join(folder, "air.json");
  writeFileSync(air, '{"routers":[{"ssid":"Home-WiFi","rssiDbm":"loud"}]}');
  const result = await softap(["device", ...pid, "--air", air], {
    env: { SOFTAP_DEVICE_SECRET: "Y2FuYXJ5LXNlY3JldCEhIQ==" },
  });
  expect(result.stderr).toMatch(/routers.*rssiDbm.*\(SA6403\)/);
  expect(result.exit).toBe(2);
});
