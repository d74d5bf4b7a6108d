import assert from "node:assert/strict";
import type { DeviceOptions } from "@softap/device";
import { AppClient, provision, type Provisioning, type ProvisionOptions, type Verdict } from "@softap/phone";
import { nodeCrypto } from "@softap/node";
import { Secret } from "@softap/protocol";
import {
  type LinkConditions,
  MemoryLog,
  type RouterOptions,
  SeededRandom,
  VirtualAir,
  VirtualClock,
  type VirtualHost,
  VirtualHttpClient,
  VirtualNetwork,
  VirtualPhoneWifi,
  type VirtualPhoneWifiOptions,
  type VirtualRouter,
} from "@softap/virtual";
import type { CloudLimits } from "../../../cloud/src/limits.ts";
import type { Product } from "../../../cloud/src/rules/products.ts";
import { RealWork } from "./real-work.ts";
import { StoryCloud, cloudUrl } from "./story-cloud.ts";
import { StoryDevice, type StoryDeviceOptions } from "./story-device.ts";
import { type Gate, tap } from "./tap.ts";

/** The passphrase of the router of every story, and one that is not. */
export const rightPassphrase = Secret.of("abcd1234");
export const wrongPassphrase = Secret.of("abcd1235");

/** What a story changes of its world. */
export interface WorldOptions extends StoryDeviceOptions {
  readonly seed?: number;
  readonly router?: Partial<RouterOptions>;
  readonly air?: Partial<LinkConditions>;
  readonly phone?: Partial<VirtualPhoneWifiOptions>;
  readonly cloudLimits?: Partial<CloudLimits>;
  /** What the device has from its factory. @defaultValue "own secret" */
  readonly secret?: "own secret" | "product secret";
}

/** A phone of a person: its Wi-Fi, its account, and what provisioning is made of. */
export interface Phone {
  readonly host: VirtualHost;
  readonly wifi: VirtualPhoneWifi;
  readonly account: AppClient;
  readonly log: MemoryLog;
}

/** Which phone provisions which device. @defaultValue the owner's phone, and the lamp */
export interface Provisioner {
  readonly phone?: Phone;
  readonly lamp?: StoryDevice;
  /** What the calls of the phone's ports go through. */
  readonly gate?: Gate;
}

/** Phone, device and cloud, with a router and the air between them, in virtual time; everything of ours is the real thing. */
export class World {
  readonly clock: VirtualClock;
  readonly work: RealWork;
  readonly seed: number;
  readonly network: VirtualNetwork;
  readonly air: VirtualAir;
  readonly router: VirtualRouter;
  readonly cloud: StoryCloud;
  readonly #options: WorldOptions;
  readonly #phones: Phone[] = [];
  readonly #devices: StoryDevice[] = [];
  #product!: Product;
  /** Set by {@link World.open}: the phone at home, and the device without a network. */
  phone!: Phone;
  lamp!: StoryDevice;

  private constructor(
    options: WorldOptions,
    parts: { clock: VirtualClock; work: RealWork; seed: number; cloud: StoryCloud },
  ) {
    this.#options = options;
    this.clock = parts.clock;
    this.work = parts.work;
    this.seed = parts.seed;
    this.cloud = parts.cloud;
    const { clock, seed } = this;
    const conditions = { delayMs: 2, ...options.air };
    this.network = new VirtualNetwork({ clock, seed, unknownAddress: "silent", conditions });
    this.air = new VirtualAir({ clock, network: this.network });
    this.router = this.air.addRouter({
      ssid: "Home-WiFi",
      joinMs: 300,
      ...(options.router?.security === "open" ? {} : { passphrase: rightPassphrase }),
      ...options.router,
    });
  }

  /** A world whose device was made in a factory and is switched off. */
  static async open(options: WorldOptions = {}): Promise<World> {
    const {
      seed = Number(process.env["SOFTAP_SEED"] ?? 1),
      cloudLimits = {},
      secret = "own secret",
    } = options;
    const work = new RealWork();
    const clock = new VirtualClock({ settle: work.settle });
    const cloud = await StoryCloud.open({ clock, work, seed, limits: cloudLimits });
    const world = new World(options, { clock, work, seed, cloud });
    world.phone = await world.addPhone("owner");
    world.#product = await cloud.product();
    world.lamp = await world.addLamp("lamp-1", secret);
    return world;
  }

  /** A world whose device waits on its soft AP. */
  static async ready(options: WorldOptions = {}): Promise<World> {
    const world = await World.open(options);
    await world.lamp.boot();
    return world;
  }

  /** A world whose device is bound and at home, its soft AP closed again. */
  static async bound(options: WorldOptions = {}): Promise<World> {
    const world = await World.ready(options);
    assert.equal((await world.verdict()).verdict, "bound");
    await world.until(() => world.lamp.events.some(({ type }) => type === "sessionEnded"));
    return world;
  }

  /** A device of the product, switched off. */
  async addLamp(deviceName: string, secret: WorldOptions["secret"] = "own secret"): Promise<StoryDevice> {
    const { productId, productSecret } = this.#product;
    const credentials: DeviceOptions["credentials"] =
      secret === "own secret"
        ? { kind: "psk", deviceSecret: await this.cloud.device(productId, deviceName) }
        : { kind: "psk", productSecret };
    const lamp = new StoryDevice(this, { identity: { productId, deviceName }, credentials }, this.#options);
    this.#devices.push(lamp);
    return lamp;
  }

  /** A device that says it is another one, and knows the product's secret only. */
  addLampTwin(of: StoryDevice): StoryDevice {
    const [productId = "", deviceName = ""] = of.deviceId.split("/");
    const { productSecret } = this.#product;
    const who = {
      identity: { productId, deviceName },
      credentials: { kind: "psk", productSecret },
      hostName: `twin of ${deviceName}`,
    } as const;
    const twin = new StoryDevice(this, who, this.#options);
    this.#devices.push(twin);
    return twin;
  }

  /** A phone at home with an account of its own. */
  async addPhone(
    person: string,
    options: { readonly gate?: Gate | undefined; readonly home?: VirtualRouter } = {},
  ): Promise<Phone> {
    const { gate, home = this.router } = options;
    const { clock, air, cloud, network, seed } = this;
    const host = network.host(`phone of ${person}`);
    const wifi = new VirtualPhoneWifi({ air, host, home, joinMs: 500, ...this.#options.phone });
    const http = new VirtualHttpClient({ web: cloud.web, host });
    const account = new AppClient({
      baseUrl: cloudUrl,
      http: gate === undefined ? http : tap(http, "http", gate),
      clock,
      random: new SeededRandom(seed).child(person),
      crypto: nodeCrypto,
      accessToken: await cloud.login(person),
    });
    const phone = { host, wifi, account, log: new MemoryLog(clock) };
    this.#phones.push(phone);
    return phone;
  }

  /** Starts a provisioning. */
  provision(more: Partial<ProvisionOptions> = {}, by: Provisioner = {}): Provisioning {
    const { clock, seed } = this;
    const { phone = this.phone, lamp = this.lamp, gate } = by;
    const { host, wifi, account, log } = phone;
    const plug = <T extends object>(port: T, name: string): T =>
      gate === undefined ? port : tap(port, name, gate);
    return provision({
      cloud: account,
      network: { ssid: this.router.ssid, passphrase: rightPassphrase },
      softAp: { ssid: lamp.softApSsid },
      ports: {
        clock,
        random: new SeededRandom(seed).child(`provision ${clock.monotonicMs()}`),
        datagrams: plug(host.datagrams, "datagrams"),
        wifi: plug(wifi, "wifi"),
        log,
      },
      ...more,
    });
  }

  /** Provisions and waits for the verdict. */
  verdict(more: Partial<ProvisionOptions> = {}, by: Provisioner = {}): Promise<Verdict> {
    return this.clock.complete(this.provision(more, by).result, 400_000);
  }

  /** Waits for something in virtual time. */
  until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    return this.clock.advanceUntil(condition, limitMs);
  }

  /** What the account's first family owns. */
  async devicesOf(phone = this.phone): Promise<readonly string[]> {
    const [family] = await this.clock.complete(phone.account.families(), 10_000);
    if (family === undefined) return [];
    const devices = await this.clock.complete(phone.account.familyDevices(family), 10_000);
    return devices.map(({ deviceId }) => deviceId);
  }

  /** Proves that a device is connected: a message of it goes to the cloud and comes back. */
  async expectConnected(lamp = this.lamp): Promise<void> {
    await this.until(() => lamp.device.mqtt.isConnected, 120_000);
    const topic = `${lamp.deviceId}/data`;
    const said = `hello at ${this.clock.monotonicMs()}`;
    const heard: string[] = [];
    const subscription = await this.clock.complete(
      lamp.device.mqtt.subscribe(topic, (payload) => heard.push(Buffer.from(payload).toString())),
      10_000,
    );
    await this.clock.complete(lamp.device.mqtt.publish(topic, Buffer.from(said), { qos: 1 }), 10_000);
    await this.until(() => heard.length > 0, 10_000);
    assert.deepEqual(heard, [said]);
    subscription.close();
  }

  /** Ends the world and expects that nothing is left of it. */
  async end(): Promise<void> {
    for (const { power, device } of this.#devices)
      if (power.isOn) await this.clock.complete(device.stop(), 30_000);
    for (const { wifi } of this.#phones) wifi.close();
    // What was on its way when the devices stopped arrives first.
    await this.clock.advance(100 + 2 * this.cloud.broker.latencyMs);
    await this.cloud.close();
    assert.deepEqual(this.clock.pending, [], "pending timers");
    assert.equal(this.cloud.broker.connectionCount, 0, "open MQTT sessions");
    assert.equal(this.cloud.server.openCount, 0, "requests without an end");
    for (const { host } of this.#phones) assert.equal(host.openCount, 0, `sockets of ${host.name}`);
    for (const { host, power } of this.#devices)
      if (power.isOn) assert.equal(host.openCount, 0, `sockets of ${host.name}`);
    assert.deepEqual(this.cloud.complaints, [], "what the cloud could not handle");
  }
}

/** What a test named by its sentence does: a world that begins as said, what happens in it, and its end without leftovers. */
export function story(
  options: WorldOptions & { readonly begins?: "off" | "ready" | "bound" },
  tell: (world: World) => Promise<void>,
): () => Promise<void> {
  const { begins = "ready", ...rest } = options;
  const begin = {
    off: () => World.open(rest),
    ready: () => World.ready(rest),
    bound: () => World.bound(rest),
  }[begins];
  return async () => {
    const world = await begin();
    await tell(world);
    await world.end();
  };
}
