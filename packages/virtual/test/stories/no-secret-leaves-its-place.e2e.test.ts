import { createSocket } from "node:dgram";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type RunningCloud, startCloud } from "@softap/cloud";
import { nodeClock, nodeCrypto } from "@softap/node";
import { Secret } from "@softap/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../../../apps/cli/src/logging.ts";
import { SoftapProcess } from "../../../../apps/cli/test/softap-process.ts";
import { decodeStore } from "../../../node/src/store-file.ts";
import { Canaries } from "./canaries.ts";

const canaries = new Canaries();
const passphrase = canaries.add("the Wi-Fi passphrase", "canary-wifi-passphrase");
const wrongPassphrase = canaries.add("the wrong passphrase", "canary-wrong-passphrase");
const softApPassphrase = canaries.add("the soft AP's passphrase", "canary-soft-ap-passphrase");
const password = canaries.add("the account's password", "canary-account-password");
const appSecret = canaries.add("the app secret", "canary-app-secret-0123456789");
const refusedToken = canaries.add("the refused token", "canary-token-0123456789abcdef012");

/** Everything that was said, by who said it. */
const said = new Map<string, string>();
const processes: SoftapProcess[] = [];
let home = "";
let cloud: RunningCloud;
let url = "";
let cloudLog = "";

function softap(name: string, args: readonly string[], env: Record<string, string> = {}): SoftapProcess {
  const process = new SoftapProcess([...args, "--log-level", "debug"], { home, env, isShared: true });
  processes.push(process);
  void process.ended.then(({ stdout, stderr }) => said.set(name, `${stdout}\n${stderr}`));
  return process;
}

async function ask(path: string, body: unknown, headers: Record<string, string> = {}): Promise<string> {
  const isText = typeof body === "string";
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  return `${response.status} ${await response.text()}`;
}

async function port(process: SoftapProcess): Promise<string> {
  return String((await process.eventNamed("listening"))["port"]);
}

/** Sends one datagram and waits for the first answer that says `wanted`. */
async function tell(to: string, datagram: object, wanted: RegExp): Promise<string> {
  const socket = createSocket("udp4");
  const answers: string[] = [];
  try {
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.on("message", (message) => {
      answers.push(message.toString());
      if (wanted.test(message.toString())) resolve();
    });
    socket.send(JSON.stringify(datagram), Number(to), "127.0.0.1");
    await promise;
    return answers.join("\n");
  } finally {
    socket.close();
  }
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "softap-canary-"));
  cloud = await startCloud({
    databasePath: join(home, "cloud.db"),
    httpPort: 0,
    mqttPort: 0,
    mqttsPort: 0,
    app: { appKey: "app-key", appSecret: Secret.of(appSecret) },
    clock: nodeClock,
    random: canaries.random(),
    crypto: nodeCrypto,
    log: await createLog({
      source: "cloud",
      threshold: "debug",
      isHuman: false,
      write: (line) => (cloudLog += line),
    }),
  });
  url = `http://127.0.0.1:${cloud.httpPort}`;
}, 60_000);

afterAll(async () => {
  await Promise.all(processes.map((process) => process.end()));
  await cloud.stop();
  rmSync(home, { recursive: true, force: true });
});

test(
  "logs, outputs, errors and memories of a whole run, failures included, hold no secret",
  { timeout: 60_000 },
  async () => {
    const adminToken = canaries.add("the admin token", cloud.firstAdminToken?.reveal() ?? "");
    const admin = async (path: string, body: object): Promise<Record<string, string>> => {
      const reply = await fetch(`${url}/api/admin/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(reply.status).toBe(201);
      // Every field that is read below is a text.
      return (await reply.json()) as Record<string, string>;
    };

    // These answers are how the operator gets the secrets: they are not searched.
    await admin("users", { email: "me@example.com", password });
    canaries.watchesTokens = true;
    const { productId = "", productSecret = "" } = await admin("products", {
      name: "Lamp",
      registrationMode: "auto-create",
    });
    const made = await admin(`products/${productId}/devices`, { deviceName: "lamp-2" });
    const deviceSecret = canaries.add("the made device's secret", made["deviceSecret"] ?? "");
    canaries.add("the product secret", productSecret);

    // A login in a process of its own; the account file is where its token belongs.
    const accountFile = join(home, "account.json");
    const login = softap(
      "softap login",
      ["login", "--email", "me@example.com", "--cloud", url, "--account-file", accountFile, "--json"],
      {
        SOFTAP_PASSWORD: password,
      },
    );
    const air = join(home, "air.json");
    writeFileSync(air, JSON.stringify({ routers: [{ ssid: "Home-WiFi", passphrase }] }));
    const lamp = ["--product-id", productId, "--device-name", "lamp-1", "--registration-url", url];
    const places = ["--mqtt-port", String(cloud.mqttsPort), "--port", "0", "--log-port", "0", "--air", air];
    const state = ["--state", join(home, "lamp-1")];
    const secrets = { SOFTAP_PRODUCT_SECRET: productSecret, SOFTAP_SOFT_AP_PASSPHRASE: softApPassphrase };
    const device = softap(
      "softap device --json",
      ["device", "--json", ...lamp, ...places, ...state],
      secrets,
    );
    expect((await login.ended).exit).toBe(0);

    // A wrong passphrase, a refused token, nonsense, and at last what is right.
    const to = await port(device);
    const provision = (name: string, args: readonly string[], wifi: string): SoftapProcess =>
      softap(
        name,
        [
          "provision",
          "--ssid",
          "Home-WiFi",
          "--host",
          "127.0.0.1",
          "--port",
          to,
          "--account-file",
          accountFile,
          ...args,
        ],
        {
          SOFTAP_WIFI_PASSPHRASE: wifi,
        },
      );
    const wrong = await provision("softap provision --json, wrong passphrase", ["--json"], wrongPassphrase)
      .ended;
    expect(wrong.stdout).toContain('"verdict":"failed"');
    const refused = { cmdType: 1, ssid: "Home-WiFi", password: passphrase, token: refusedToken };
    said.set("the device's answer to a refused token", await tell(to, refused, /Current_Error/));
    const nonsense = {
      cmdType: 1,
      ssid: "x".repeat(40),
      password: passphrase,
      token: `${refusedToken}-and-more`,
    };
    said.set("the device's answer to nonsense", await tell(to, nonsense, /Current_Error/));
    const log = softap("softap logs", ["logs", "--host", "127.0.0.1", "--port", to]);
    said.set("the device's answer to cmdType 3", await tell(to, { cmdType: 3 }, /./));
    expect((await log.ended).exit).toBe(0);
    const right = await provision("softap provision, right passphrase", [], passphrase).ended;
    expect(right).toMatchObject({ exit: 0 });
    await device.event(({ event, isConfirmed }) => event === "bound" && isConfirmed === true);
    device.kill("SIGTERM");
    await device.ended;

    // The same device in log mode, and a person who reads with no terminal.
    const logMode = softap(
      "softap device --log-mode",
      ["device", "--json", "--log-mode", ...lamp, ...places, ...state],
      secrets,
    );
    const logPort = await port(logMode);
    await softap("softap logs --json, log mode", [
      "logs",
      "--json",
      "--log-mode",
      "--host",
      "127.0.0.1",
      "--port",
      logPort,
    ]).ended;
    logMode.kill("SIGTERM");
    await logMode.ended;

    // Requests that are wrong and full of secrets.
    const { accessToken } = JSON.parse(readFileSync(accountFile, "utf8")) as { accessToken: string };
    canaries.add("the access token", accessToken);
    const app = "/api/exploreropen/tokenapi";
    const every = {
      AccessToken: accessToken,
      Token: refusedToken,
      Password: password,
      Secret: deviceSecret,
      RequestId: "r",
    };
    const wrongRequests: Record<string, Promise<string>> = {
      "an unknown action": ask(app, { Action: password, ...every }),
      "no JSON": ask(app, `{"AccessToken":"${accessToken}","Password":"${password}"`),
      "parameters of a wrong type": ask(app, {
        ...every,
        Action: "AppTokenBindDeviceFamily",
        FamilyId: [passphrase],
      }),
      "an unknown token": ask(app, { ...every, Action: "AppGetDeviceBindTokenState" }),
      "a wrong access token": ask(app, { ...every, Action: "AppGetFamilyList", AccessToken: refusedToken }),
      "a wrong password": ask("/api/exploreropen/appapi", {
        Action: "AppGetToken",
        Type: "email",
        Email: "me@example.com",
        Password: `${password}!`,
      }),
      "a wrong signature": ask("/api/exploreropen/appapi", {
        Action: "AppGetTokenByWeiXin",
        AppKey: "app-key",
        Signature: appSecret,
        WxOpenID: "x",
      }),
      "a body that is too long": ask(app, { ...every, Filler: "x".repeat(70_000) }),
      "a registration with the secret in it": ask("/register/dev", {
        productId,
        deviceName: "lamp-9",
        nonce: 1,
        timestamp: 1,
        signature: productSecret,
      }),
      "a registration that is none": ask("/device/register", `{"ProductId":"${productSecret}"`),
      "a wrong admin token": ask(
        "/api/admin/products",
        { name: deviceSecret },
        { authorization: `Bearer ${adminToken}x` },
      ),
      "admin fields of a wrong kind": ask(
        "/api/admin/users",
        { email: password, password: 7, nickName: [adminToken] },
        { authorization: `Bearer ${adminToken}` },
      ),
      "an address that leads nowhere": ask(`/api/nowhere?AccessToken=${accessToken}`, undefined),
    };
    for (const [name, reply] of Object.entries(wrongRequests)) {
      const text = await reply;
      expect(`${name}: ${text}`).toMatch(/"?[Ee]rror|"code":(?!0\b)/);
      said.set(`the cloud's answer to ${name}`, text);
    }

    said.set("the cloud's log", cloudLog);
    expect(cloudLog).toContain("bind token refused");
    // What the cloud must know to check a device stands in its database: device secrets and product secrets, and no other.
    const database = new DatabaseSync(join(home, "cloud.db"));
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
    const rows = tables.flatMap(({ name }) => {
      const mayStore = name === "device" || name === "product";
      return database
        .prepare(`select * from "${String(name)}"`)
        .all()
        .map((row) => JSON.stringify(mayStore ? { ...row, secret: undefined } : row));
    });
    database.close();
    expect(rows.length).toBeGreaterThan(5);
    said.set("the database, without the secret of device and product", rows.join("\n"));
    const files = readdirSync(home).filter((name) => name.startsWith("cloud.db"));
    const bytes = files.map((name) => readFileSync(join(home, name), "latin1")).join("\n");
    const stored = new Set(["the made device's secret", "the product secret"]);
    const inFiles = canaries.in(bytes).filter((name) => !stored.has(name));
    expect(inFiles).toEqual([]);
    // What the device must know to come back stands in its store: its network and its own secret, and no other.
    const entries = decodeStore(readFileSync(join(home, "lamp-1", "store")));
    const mayKnow = new Set(["wifi.kept", "softap.credentials"]);
    const kept = [...entries].filter(([key]) => !mayKnow.has(key));
    said.set(
      "the device's store",
      kept.map(([key, value]) => `${key} ${Buffer.from(value).toString()}`).join("\n"),
    );
    expect([...entries.keys()].toSorted()).toContain("softap.binding");
    const { deviceSecret: registered = "" } = JSON.parse(
      Buffer.from(entries.get("softap.credentials") ?? []).toString(),
    ) as {
      deviceSecret?: string;
    };
    expect(registered.length).toBeGreaterThan(16);
    canaries.add("the registered device's secret", registered);

    expect(canaries.count).toBeGreaterThan(30);
    const leaks = [...said].flatMap(([who, text]) => canaries.in(text).map((name) => `${name} in ${who}`));
    expect(leaks).toEqual([]);
    // What was searched is not empty.
    const silent = [...said].filter(([, text]) => text.trim() === "").map(([who]) => who);
    expect(silent).toEqual([]);
  },
);
