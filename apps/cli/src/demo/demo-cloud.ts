import { type RunningCloud, startCloud } from "@softap/cloud";
import { nodeClock, nodeCrypto, nodeRandom } from "@softap/node";
import { type Log, randomText } from "@softap/ports";
import { InternalError, Secret } from "@softap/protocol";
import { AdminClient } from "../admin/admin-client.ts";

/** Address of everything in the demo. */
export const demoAddress = "127.0.0.1";

/** A product that takes any device which knows its secret. */
export interface DemoProduct {
  readonly productId: string;
  readonly productSecret: Secret;
}

/** Somebody who can log in. */
export interface DemoUser {
  readonly email: string;
  readonly password: Secret;
}

/** A cloud that lives as long as the demo: its database stands in memory, its ports are chosen by the system. */
export class DemoCloud {
  readonly running: RunningCloud;
  readonly url: string;
  readonly #admin: AdminClient;

  private constructor(running: RunningCloud, adminToken: Secret) {
    this.running = running;
    this.url = `http://${demoAddress}:${running.httpPort}`;
    this.#admin = new AdminClient(this.url, adminToken);
  }

  /** Starts it. */
  static async start(log: Log): Promise<DemoCloud> {
    const running = await startCloud({
      databasePath: ":memory:",
      host: demoAddress,
      httpPort: 0,
      mqttPort: 0,
      mqttsPort: 0,
      clock: nodeClock,
      random: nodeRandom,
      crypto: nodeCrypto,
      log,
    });
    if (running.firstAdminToken !== undefined) return new DemoCloud(running, running.firstAdminToken);
    await running.stop();
    throw new InternalError("INTERNAL", "A fresh cloud made no admin token");
  }

  /** Creates a product whose devices register themselves. */
  async createProduct(): Promise<DemoProduct> {
    const product = await this.#admin.send({
      method: "POST",
      path: ["products"],
      body: { name: "Demo lamp", registrationMode: "auto-create" },
      subject: "product of the demo",
    });
    const { productId, productSecret } = product;
    if (typeof productId !== "string" || typeof productSecret !== "string")
      throw new InternalError("INTERNAL", "The cloud told no product secret");
    return { productId, productSecret: Secret.of(productSecret) };
  }

  /** Creates a user with a password that nobody will ever type. */
  async createUser(): Promise<DemoUser> {
    const user = { email: "demo@example.com", password: Secret.of(randomText(nodeRandom, 24)) };
    await this.#admin.send({
      method: "POST",
      path: ["users"],
      body: { email: user.email, password: user.password.reveal() },
      subject: "user of the demo",
    });
    return user;
  }
}
