import { type RunningCloud, startCloud } from "@softap/cloud";
import { Device } from "@softap/device";
import { nodeClock, nodePorts } from "@softap/node";
import { AppClient } from "@softap/phone";
import { Secret } from "@softap/protocol";
import {
  MemoryStore,
  VirtualAir,
  VirtualPhoneWifi,
  VirtualRadio,
  type VirtualRadioOptions,
} from "@softap/virtual";
import { home } from "./bare.ts";
import { Phone } from "./phone.ts";
import { WxStandIn } from "./wx-stand-in.ts";

export const deviceName = "lamp-1";
export const softAp = { ssid: "softap-lamp-1", passphrase: "12345678" };

/** Where the vendor's SDK believes its cloud to be. */
const vendorHost = "iot.cloud.tencent.com";
const address = "127.0.0.1";

export interface WorldOptions {
  readonly radio?: VirtualRadioOptions["capabilities"];
  readonly joinMs?: number;
  readonly hasMobileData?: boolean;
  readonly platform?: string;
  /** How long the soft AP stays after the binding, milliseconds. @defaultValue the device's own */
  readonly lingerMs?: number;
}

/** Our cloud and our device on loopback sockets, with a virtual radio, and a phone with a `wx`. */
export class World {
  readonly cloud: RunningCloud;
  readonly device: Device;
  readonly phone: Phone;
  readonly wx: WxStandIn;
  readonly air: VirtualAir;
  readonly productId: string;
  readonly #productSecret: Secret;
  readonly #openDevices: Device[] = [];

  private constructor(
    parts: { cloud: RunningCloud; productId: string; productSecret: Secret },
    options: WorldOptions,
  ) {
    this.cloud = parts.cloud;
    this.productId = parts.productId;
    this.#productSecret = parts.productSecret;
    this.air = new VirtualAir({ clock: nodeClock });
    const router = this.air.addRouter({
      ssid: home.ssid,
      passphrase: Secret.of(home.passphrase),
      joinMs: options.joinMs ?? 0,
    });
    this.device = this.addDevice(deviceName, options);
    const { hasMobileData = false, platform } = options;
    this.phone = new Phone({
      wifi: new VirtualPhoneWifi({ air: this.air, home: router, hasMobileData }),
      home: router,
      hasMobileData,
    });
    const cloudHost = `${address}:${this.cloud.httpPort}`;
    this.wx = new WxStandIn({
      phone: this.phone,
      device: {
        address: "192.168.4.1",
        realPort: (port) => this.#ports().get(port),
        portOf: (realPort) => [...this.#ports()].find(([, real]) => real === realPort)?.[0],
      },
      hosts: { [vendorHost]: cloudHost },
      ...(platform === undefined ? {} : { platform }),
    });
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const { clock, random, crypto } = nodePorts();
    const cloud = await startCloud({
      databasePath: ":memory:",
      httpPort: 0,
      mqttPort: 0,
      mqttsPort: 0,
      clock,
      random,
      crypto,
    });
    const product = await admin(cloud, "products", { name: "lamp", registrationMode: "auto-create" });
    const { productId, productSecret } = product as { productId: string; productSecret: string };
    return new World({ cloud, productId, productSecret: Secret.of(productSecret) }, options);
  }

  get deviceId(): string {
    return `${this.productId}/${deviceName}`;
  }

  /** Logs a WeChat user in as an app's backend does. */
  async accessToken(openId = "open-1"): Promise<{ Token: string; ExpireAt: number }> {
    const { appKey, appSecret } = this.cloud.app;
    const backend = new AppClient({
      ...nodePorts(),
      baseUrl: `http://${address}:${this.cloud.httpPort}`,
      appKey,
      appSecret,
    });
    const login = await backend.loginByWeiXin({
      openId,
      nickName: "Ann",
      avatar: "https://example.com/a.png",
    });
    return { Token: login.token.reveal(), ExpireAt: login.expiresAtS };
  }

  addDevice(name: string, options: Pick<WorldOptions, "radio" | "lingerMs"> = {}): Device {
    const { radio: capabilities = {}, lingerMs } = options;
    const store = new MemoryStore();
    const device = new Device({
      identity: { productId: this.productId, deviceName: name },
      credentials: { kind: "psk", productSecret: this.#productSecret },
      cloud: {
        mqttHost: address,
        mqttPort: this.cloud.mqttsPort,
        registration: { url: `http://${address}:${this.cloud.httpPort}`, form: 2 },
      },
      server: { address, port: 0, logPort: 0 },
      supervisor: { policy: "button" },
      ...(lingerMs === undefined ? {} : { limits: { lingerMs } }),
      ports: {
        ...nodePorts(),
        radio: new VirtualRadio({ air: this.air, name, store, capabilities }),
        store,
      },
    });
    this.#openDevices.push(device);
    return device;
  }

  #ports(): ReadonlyMap<number, number | undefined> {
    return new Map([
      [8266, this.device.localPort],
      [9876, this.device.localLogPort],
    ]);
  }

  /** What pressing the button does. */
  async openSoftAp(): Promise<void> {
    const { ssid, passphrase } = softAp;
    await this.device.startSoftAp({ ssid, passphrase: Secret.of(passphrase) });
  }

  async stop(): Promise<void> {
    this.wx.close();
    for (const device of this.#openDevices) await device.stop();
    await this.cloud.stop();
  }
}

async function admin(cloud: RunningCloud, path: string, body: object): Promise<unknown> {
  const response = await fetch(`http://${address}:${cloud.httpPort}/api/admin/${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${cloud.firstAdminToken?.reveal()}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  return response.json();
}
