import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { waitUntil } from "./namespace.ts";
import { isEvent, Softap } from "./softap.ts";

/** Address of the cloud behind the router. */
export const cloudAddress = "192.168.2.2";
/** Its API, for phones. */
export const cloudUrl = `http://${cloudAddress}:8080`;
/** Login of the phone's person. */
export const accountFile = "/run/lab/account.json";
/** Product secret of the devices. */
export const productSecretFile = "/run/lab/product-secret";

/** The cloud on a wire of its own to the lab: what it says must not depend on what a scenario breaks. */
const labUrl = "http://10.9.0.2:8080";
const email = "someone@example.com";
const password = "Lab-Passw0rd";
/** How long a message may take through the cloud, ms; over air that loses packets, TCP takes its time. */
const exchangeLimitMs = 120_000;

/** `softap cloud`, set up by the commands that an operator uses. */
export class Cloud {
  readonly #cloud: Softap;
  readonly #accessToken: string;
  readonly productId: string;

  private constructor(cloud: Softap, productId: string, accessToken: string) {
    this.#cloud = cloud;
    this.productId = productId;
    this.#accessToken = accessToken;
  }

  /** Starts it with a product whose devices register themselves, and a user who is logged in on the phone. */
  static async open(logs: string): Promise<Cloud> {
    const log = `${logs}/cloud.log`;
    const inCloud = (...args: string[]): Softap =>
      new Softap({ place: "cloud", log, env: { SOFTAP_PASSWORD: password } }, ...args);
    const admin = ["--admin-token-file", "/run/lab/admin-token"];
    const cloud = inCloud("cloud", "--data", "/run/lab/cloud", "--host", "0.0.0.0", ...admin);
    await cloud.until("it listens", isEvent("listening"));
    const lamp = ["--name", "Lamp", "--registration", "auto-create", "--secret-file", productSecretFile];
    const product = inCloud("product", "create", ...lamp, ...admin);
    const { productId } = await product.until("a product", isEvent("product"));
    await inCloud("user", "create", "--email", email, ...admin).until("a user", isEvent("user"));
    await inCloud("login", "--email", email, "--cloud", cloudUrl, "--account-file", accountFile).until(
      "a login",
      isEvent("loggedIn"),
    );
    const account: unknown = JSON.parse(readFileSync(accountFile, "utf8"));
    if (typeof account !== "object" || account === null || !("accessToken" in account))
      throw new Error("the login holds no token");
    return new Cloud(cloud, String(productId), String(account.accessToken));
  }

  /** Calls an action of the app API as the phone's person. */
  async call(
    action: string,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Promise<Record<string, unknown>> {
    const body = {
      Action: action,
      RequestId: crypto.randomUUID(),
      AccessToken: this.#accessToken,
      ...parameters,
    };
    const reply = await fetch(`${labUrl}/api/exploreropen/tokenapi`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    // The envelope of the app API.
    const { code, msg, data } = (await reply.json()) as {
      code: number;
      msg: string;
      data: { Response?: Record<string, unknown> };
    };
    if (code !== 0) throw new Error(`${action}: ${code} ${msg} ${JSON.stringify(data)}`);
    return data.Response ?? data;
  }

  /** A short bind token, as a person types it into the portal. */
  async bindCode(): Promise<string> {
    return String((await this.call("AppCreateDeviceBindToken", { TokenLengthType: "1" }))["Token"]);
  }

  /** How many bind tokens were ever made. */
  tokenCount(): number {
    const database = new DatabaseSync("/run/lab/cloud/cloud.db", { readOnly: true });
    try {
      return Number(database.prepare("SELECT count(*) AS n FROM bind_token").get()?.["n"]);
    } finally {
      database.close();
    }
  }

  /** Puts the device that reported a code into the person's family, as an app does. */
  async bind(code: string, deviceName: string): Promise<void> {
    const FamilyId = await this.#familyId();
    const device = { ProductId: this.productId, DeviceName: deviceName };
    await this.call("AppTokenBindDeviceFamily", { Token: code, ...device, FamilyId, RoomId: "0" });
  }

  /** Names of the devices that belong to the phone's person. */
  async ownDevices(): Promise<readonly string[]> {
    const FamilyId = await this.#familyId();
    const page = await this.call("AppGetFamilyDeviceList", { FamilyId, Offset: 0, Limit: 50 });
    return (page["DeviceList"] as { DeviceName: string }[]).map(({ DeviceName }) => DeviceName);
  }

  async #familyId(): Promise<string> {
    const { FamilyList } = await this.call("AppGetFamilyList", { Offset: 0, Limit: 10 });
    // The reply has the shape of the app API.
    const [family] = FamilyList as { FamilyId: string }[];
    if (family === undefined) throw new Error("the person has no family");
    return family.FamilyId;
  }

  /** Sends data to a device over MQTT and hears data of it; the device's properties stand in `file`. */
  async exchange(deviceName: string, file: string): Promise<void> {
    const device = { ProductId: this.productId, DeviceName: deviceName };
    const down = Math.floor(Math.random() * 1e9);
    const up = down + 1;
    const isTaken = async (): Promise<boolean> => JSON.parse(readFileSync(file, "utf8")).down === down;
    // Asked again at most every few seconds: what the device takes twice would undo what this program writes meanwhile.
    await waitUntil(`${deviceName} takes what the app sets`, exchangeLimitMs, async () => {
      await this.call("AppControlDeviceData", { ...device, Data: JSON.stringify({ down }) });
      return waitUntil("it is taken", 5_000, async () => (await isTaken()) || undefined, 100).catch(
        () => false,
      );
    });
    const values: unknown = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...(typeof values === "object" ? values : {}), up }));
    await waitUntil(`the app sees what ${deviceName} reports`, exchangeLimitMs, async () => {
      const data = String((await this.call("AppGetDeviceData", device))["Data"]);
      return data.includes(`${up}`) && data.includes(`${down}`);
    });
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.#cloud.program.stop();
  }
}
