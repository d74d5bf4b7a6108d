import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anyCloudPorts, type Event, type RunOptions, SoftapProcess } from "./softap-process.ts";
import { makeFolder, removeFolder } from "./temporary-folder.ts";

/** Certificates made for tests, valid for a hundred years. */
export const fixtures = new URL("../../../packages/node/test/fixtures/", import.meta.url).pathname;

/** The network of the default air. */
export const homeWifi = { ssid: "Home-WiFi", passphrase: "abcd1234" };

/** A product that a test may use for its own. */
export interface TestProduct {
  readonly productId: string;
  readonly productSecret: string;
}

/** A cloud in a process of its own that a whole file of tests shares, with one user. */
export class CloudWorld {
  readonly home: string;
  readonly cloud: SoftapProcess;
  readonly url: string;
  readonly #ports: { readonly mqtt: number; readonly mqtts: number };
  readonly #adminToken: string;
  readonly #processes: SoftapProcess[] = [];
  #accessToken = "";

  private constructor(home: string, cloud: SoftapProcess, listening: Event) {
    this.home = home;
    this.cloud = cloud;
    this.url = String(listening["url"]);
    this.#ports = { mqtt: Number(listening["mqttPort"]), mqtts: Number(listening["mqttsPort"]) };
    this.#adminToken = readFileSync(join(home, "admin-token"), "utf8").trim();
  }

  /** Starts the cloud on ports that the system chooses, with a server certificate, and creates and logs in a user. */
  static async start(): Promise<CloudWorld> {
    const home = makeFolder();
    const args = [...anyCloudPorts, "--log-level", "debug"];
    const certificate = [
      "--certificate",
      join(fixtures, "server.pem"),
      "--private-key",
      join(fixtures, "server.key"),
    ];
    const authority = ["--client-authority", join(fixtures, "authority.pem")];
    const token = ["--admin-token-file", join(home, "admin-token")];
    const cloud = new SoftapProcess(["cloud", "--json", ...args, ...certificate, ...authority, ...token], {
      home,
      isShared: true,
    });
    const world = new CloudWorld(home, cloud, await cloud.eventNamed("listening"));
    const password = "canary-password";
    await world.admin("POST", "users", { email: "me@example.com", password });
    const login = { Action: "AppGetToken", Type: "email", Email: "me@example.com", Password: password };
    const answer = await fetch(`${world.url}/api/exploreropen/appapi`, {
      method: "POST",
      body: JSON.stringify(login),
    });
    const { data } = (await answer.json()) as { data: { Data: { Token: string } } };
    world.#accessToken = data.Data.Token;
    return world;
  }

  /** Stops everything and leaves nothing. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.end()));
    await this.cloud.end();
    removeFolder(this.home);
  }

  /** Every secret of this world that no process may print. */
  get secrets(): readonly string[] {
    return ["canary-password", homeWifi.passphrase, this.#adminToken, this.#accessToken];
  }

  #start(args: readonly string[], env: Readonly<Record<string, string>>): SoftapProcess {
    const process = new SoftapProcess(args, { home: this.home, env, isShared: true });
    this.#processes.push(process);
    return process;
  }

  /** The variables that say which cloud and as whom. */
  get accountEnvironment(): Readonly<Record<string, string>> {
    return { SOFTAP_CLOUD_URL: this.url, SOFTAP_ACCESS_TOKEN: this.#accessToken };
  }

  /** A file that only this world's processes need. */
  file(name: string, content: string): string {
    const path = join(this.home, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** Asks the admin API. */
  async admin(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/api/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#adminToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Creates a product. */
  async createProduct(settings: object = { registrationMode: "auto-create" }): Promise<TestProduct> {
    const { productId, productSecret } = await this.admin("POST", "products", { name: "Lamp", ...settings });
    return { productId: String(productId), productSecret: String(productSecret) };
  }

  /** Starts a device with its state in a folder that its name stands for. */
  device(product: TestProduct, args: readonly string[] = [], env: RunOptions["env"] = {}): SoftapProcess {
    const { productId, productSecret } = product;
    const mqttPort = args.includes("password") ? this.#ports.mqtt : this.#ports.mqtts;
    const identity = ["--product-id", productId, "--device-name", "lamp-1", "--log-level", "debug"];
    const places = [
      "--port",
      "0",
      "--log-port",
      "0",
      "--registration-url",
      this.url,
      "--mqtt-port",
      String(mqttPort),
    ];
    return this.#start(["device", "--json", ...identity, ...places, ...args], {
      SOFTAP_PRODUCT_SECRET: productSecret,
      ...env,
    });
  }

  /** Provisions whoever listens on a port. */
  provision(
    port: number,
    args: readonly string[] = [],
    passphrase: string = homeWifi.passphrase,
    env: RunOptions["env"] = {},
  ): SoftapProcess {
    const place = [
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--ssid",
      homeWifi.ssid,
      "--log-level",
      "debug",
    ];
    return this.#start(["provision", "--json", ...place, ...args], {
      SOFTAP_WIFI_PASSPHRASE: passphrase,
      ...this.accountEnvironment,
      ...env,
    });
  }
}

/** Port of the soft AP, or of log mode, that a device opened. */
export async function openPort(device: SoftapProcess): Promise<number> {
  const listening = await device.eventNamed("listening");
  return Number(listening["port"]);
}

/** Waits until the cloud told the device that its binding is complete. */
export async function confirmed(device: SoftapProcess): Promise<void> {
  await device.event(({ event, isConfirmed }) => event === "bound" && isConfirmed === true);
}
