import { AppClient } from "@softap/phone";
import { nodeClock, NodeHttpClient, nodeRandom } from "@softap/node";
import { Secret } from "@softap/protocol";
import { BenchServer } from "./child.ts";

interface CloudReady {
  readonly httpPort: number;
  readonly mqttsPort: number;
  readonly adminToken: string;
}

/** A device that the cloud knows. */
export interface BenchDevice {
  readonly productId: string;
  readonly deviceName: string;
  readonly deviceSecret: Secret;
}

/** Our cloud in a process of its own, a user who is logged in, and as many devices as asked for. */
export class CloudFixture {
  readonly server: BenchServer<CloudReady>;
  readonly app: AppClient;
  readonly productId: string;

  private constructor(server: BenchServer<CloudReady>, app: AppClient, productId: string) {
    this.server = server;
    this.app = app;
    this.productId = productId;
  }

  /** Starts the cloud and logs a user in. */
  static async start(): Promise<CloudFixture> {
    const server = await BenchServer.start<CloudReady>("./cloud-server.ts");
    const admin = adminApi(server.ready);
    const product = await admin<{ productId: string }>("/products", { name: "Bench lamp" });
    const account = { email: "bench@example.com", password: "bench-password-1" };
    await admin("/users", account);
    const app = new AppClient({
      baseUrl: `http://127.0.0.1:${server.ready.httpPort}`,
      http: new NodeHttpClient(),
      clock: nodeClock,
      random: nodeRandom,
    });
    await app.login({ email: account.email, password: Secret.of(account.password) });
    return new CloudFixture(server, app, product.productId);
  }

  /** Creates a device and learns its secret. */
  async createDevice(deviceName: string): Promise<BenchDevice> {
    const created = await adminApi(this.server.ready)<{ deviceSecret: string }>(
      `/products/${this.productId}/devices`,
      { deviceName },
    );
    return { productId: this.productId, deviceName, deviceSecret: Secret.of(created.deviceSecret) };
  }
}

function adminApi({ httpPort, adminToken }: CloudReady) {
  return async <Reply>(path: string, body: object): Promise<Reply> => {
    const response = await fetch(`http://127.0.0.1:${httpPort}/api/admin${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    // The admin API answers with what its schema says.
    return (await response.json()) as Reply;
  };
}
