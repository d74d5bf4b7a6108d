import { nodeCrypto, nodeRandom } from "@softap/node";
import {
  type AppReply,
  decodeRegistrationReply1,
  decryptRegistrationPayload,
  encodeRegistration1,
  parseAppReply,
  Secret,
} from "@softap/protocol";
import { type CloudOptions, type RunningCloud, startCloud } from "../../src/index.ts";
import { MovableClock } from "./world.ts";
import type { Json } from "./json.ts";

/** A cloud under test with the calls that tests make. */
export interface TestCloud {
  readonly running: RunningCloud;
  readonly clock: MovableClock;
  readonly baseUrl: string;
  admin(method: string, path: string, body?: object): Promise<{ status: number; body: Json }>;
  app(action: string, parameters?: object, path?: string): Promise<AppReply>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTestCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const clock = new MovableClock();
  const running = await startCloud({
    databasePath: ":memory:",
    httpPort: 0,
    mqttPort: 0,
    mqttsPort: 0,
    clock,
    random: nodeRandom,
    crypto: nodeCrypto,
    ...options,
  });
  return testCloudAt(running, clock);
}

/** The calls of a test on a cloud that runs somewhere. */
export function testCloudAt(running: RunningCloud, clock: MovableClock): TestCloud {
  const baseUrl = `http://127.0.0.1:${running.httpPort}`;
  return {
    running,
    clock,
    baseUrl,
    async admin(method, path, body) {
      const reply = await fetch(`${baseUrl}/api/admin${path}`, {
        method,
        headers: {
          authorization: `Bearer ${running.firstAdminToken?.reveal() ?? ""}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: reply.status, body: await reply.json() };
    },
    async app(action, parameters = {}, path = "tokenapi") {
      const reply = await fetch(`${baseUrl}/api/exploreropen/${path}`, {
        method: "POST",
        body: JSON.stringify({ Action: action, RequestId: "r", ...parameters }),
      });
      const parsed = parseAppReply(await reply.json());
      if (reply.status !== 200 || parsed === undefined) throw new Error(`${action}: HTTP ${reply.status}`);
      return parsed;
    },
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

/** Fields of a reply that must have succeeded. */
export function ok(reply: AppReply): Json {
  if (reply.type !== "ok") throw new Error(`refused: ${reply.code} ${reply.message}`);
  return reply.data;
}

/** Code of a reply that must have been refused. */
export function refusal(reply: AppReply): string {
  return reply.type === "failed" ? reply.code : "not refused";
}

/** A product that creates devices as they register. */
export async function makeProduct(
  cloud: TestCloud,
  options: object = { registrationMode: "auto-create" },
): Promise<{ productId: string; productSecret: Secret }> {
  const { status, body } = await cloud.admin("POST", "/products", { name: "lamp", ...options });
  if (status !== 201) throw new Error(`product: ${JSON.stringify(body)}`);
  return { productId: body.productId, productSecret: Secret.of(body.productSecret) };
}

/** A user who is logged in. */
export async function makeUser(
  cloud: TestCloud,
  name = "anna",
): Promise<{ AccessToken: string; userId: string }> {
  const email = `${name}@example.com`;
  const { body } = await cloud.admin("POST", "/users", { email, password: "correct horse" });
  const login = ok(await cloud.app("AppGetToken", { Email: email, Password: "correct horse" }, "appapi"));
  return { AccessToken: login.Data.Token, userId: body.userId };
}

/** A registered device with its secret. */
export interface TestDevice {
  readonly productId: string;
  readonly deviceName: string;
  readonly deviceSecret: Secret;
}

/** Registers by the older form. @returns The device, or the cloud's number. */
export async function register(
  cloud: TestCloud,
  device: { productId: string; productSecret: Secret; deviceName: string },
): Promise<TestDevice | number> {
  const body = encodeRegistration1(nodeCrypto, { ...device, nonce: 7, timestampS: 0 });
  const reply = await fetch(`${cloud.baseUrl}/register/dev`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(body),
  });
  const decoded = decodeRegistrationReply1(new Uint8Array(await reply.arrayBuffer()));
  if (decoded instanceof Error) throw decoded;
  if (decoded.type === "refused") return decoded.code;
  const credentials = decryptRegistrationPayload(nodeCrypto, {
    payload: decoded.payload,
    productSecret: device.productSecret,
  });
  if (credentials instanceof Error || credentials.kind !== "psk") throw new Error("no key");
  return {
    productId: device.productId,
    deviceName: device.deviceName,
    deviceSecret: credentials.deviceSecret,
  };
}

/** Registers a device that must be accepted. */
export async function makeDevice(
  cloud: TestCloud,
  product: { productId: string; productSecret: Secret },
  deviceName = "dev-1",
): Promise<TestDevice> {
  const device = await register(cloud, { ...product, deviceName });
  if (typeof device === "number") throw new Error(`registration refused: ${device}`);
  return device;
}
