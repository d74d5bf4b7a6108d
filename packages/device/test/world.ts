import { Device, type DeviceEvent, type DeviceOptions, type DeviceStep } from "@softap/device";
import { nodeCrypto } from "@softap/node";
import { neverCanceled } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import {
  MemoryLog,
  MemoryStore,
  SeededRandom,
  VirtualAir,
  VirtualClock,
  type VirtualHost,
  VirtualHttpClient,
  VirtualLed,
  VirtualMqttConnector,
  VirtualNetwork,
  VirtualPhoneWifi,
  VirtualRadio,
  type VirtualRadioOptions,
  type VirtualRouter,
  VirtualWeb,
} from "@softap/virtual";
import { deviceSecretText, FakeCloud, identity } from "./fake-cloud.ts";
import { FakePhone } from "./fake-phone.ts";

/** Name of the soft AP in the tests. */
export const softApSsid = "lamp";

/** What a test changes of the world. */
export interface WorldOptions {
  readonly seed?: number;
  readonly radio?: Partial<VirtualRadioOptions>;
  readonly device?: Partial<DeviceOptions>;
  readonly loss?: number;
  readonly joinMs?: number;
  /** Puts a fault into the store. */
  readonly wrapStore?: (store: MemoryStore) => MemoryStore;
}

/** A device, its cloud, a router and a phone, under virtual time. */
export class World {
  readonly clock = new VirtualClock();
  readonly network: VirtualNetwork;
  readonly air: VirtualAir;
  readonly router: VirtualRouter;
  readonly cloud: FakeCloud;
  readonly web: VirtualWeb;
  readonly store: MemoryStore;
  readonly log = new MemoryLog();
  readonly led: VirtualLed;
  readonly phoneHost;
  readonly phoneWifi: VirtualPhoneWifi;
  readonly events: DeviceEvent[] = [];
  readonly #options: WorldOptions;
  #starts = 0;
  device: Device;
  radio: VirtualRadio;
  deviceHost: VirtualHost;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    const { clock } = this;
    this.store = options.wrapStore?.(new MemoryStore()) ?? new MemoryStore();
    this.network = new VirtualNetwork({
      clock,
      seed: options.seed ?? 1,
      unknownAddress: "silent",
      conditions: { delayMs: 2, loss: options.loss ?? 0 },
    });
    this.air = new VirtualAir({ clock, network: this.network });
    this.router = this.air.addRouter({
      ssid: "Home-WiFi",
      passphrase: Secret.of("abcd1234"),
      joinMs: options.joinMs ?? 300,
    });
    this.cloud = new FakeCloud(clock);
    this.web = new VirtualWeb({ clock });
    this.led = new VirtualLed(clock);
    this.phoneHost = this.network.host("phone");
    this.phoneWifi = new VirtualPhoneWifi({ air: this.air, host: this.phoneHost });
    [this.device, this.radio, this.deviceHost] = this.#makeDevice();
  }

  /** Cuts the power; the device that replaces it has what was stored at that moment. */
  async restart(changes: Partial<DeviceOptions> = {}): Promise<void> {
    const stored = this.store.snapshot();
    this.radio.fail("WIFI_SUPPLICANT_GONE");
    await this.clock.complete(
      this.device.stop().catch(() => undefined),
      30_000,
    );
    await this.store.apply(
      Object.fromEntries([...new Set([...this.store.keys, ...stored.keys])].map((key) => [key, undefined])),
      { signal: neverCanceled },
    );
    for (const key of stored.keys) {
      const value = await stored.get(key, { signal: neverCanceled });
      await this.store.apply({ [key]: value }, { signal: neverCanceled });
    }
    [this.device, this.radio, this.deviceHost] = this.#makeDevice(changes);
  }

  /** Joins the phone to the device's soft AP and opens its socket. */
  async phone(port = 8266): Promise<FakePhone> {
    const { clock } = this;
    const join = this.phoneWifi.joinSoftAp(
      { ssid: encodeUtf8(softApSsid), passphrase: undefined },
      { signal: neverCanceled },
    );
    await clock.complete(join, 10_000);
    return FakePhone.open(this.phoneHost, () => clock.monotonicMs(), { port });
  }

  /** Starts the device and opens its soft AP where policy does not. */
  async open(): Promise<FakePhone> {
    await this.clock.complete(this.device.startSoftAp({ ssid: softApSsid }), 10_000);
    return this.phone();
  }

  /** Waits for something in virtual time. */
  until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    return this.clock.advanceUntil(condition, limitMs);
  }

  /** Names of the steps so far. */
  get steps(): readonly string[] {
    return this.stepList.map(({ name }) => name);
  }

  /** Steps so far. */
  get stepList(): readonly DeviceStep[] {
    return this.events.flatMap((event) => (event.type === "step" ? [event.step] : []));
  }

  /** Text of a stored value. */
  async stored(key: string): Promise<string | undefined> {
    const value = await this.store.get(key, { signal: neverCanceled });
    return value === undefined ? undefined : Buffer.from(value).toString();
  }

  /** Stops the device and says what it left behind. */
  async end(): Promise<{ timers: readonly string[]; sessions: number }> {
    await this.clock.complete(this.device.stop(), 30_000);
    this.phoneWifi.close();
    // What was on its way when the device stopped arrives first.
    await this.clock.advance(100);
    return { timers: this.clock.pending, sessions: this.cloud.broker.connectionCount };
  }

  #makeDevice(changes: Partial<DeviceOptions> = {}): [Device, VirtualRadio, VirtualHost] {
    const { clock, air, web } = this;
    const host = this.network.host(`device ${(this.#starts += 1)}`);
    const radio = new VirtualRadio({ air, host, store: this.store, ...this.#options.radio });
    const device = new Device({
      identity,
      credentials: { kind: "psk", deviceSecret: Secret.of(deviceSecretText) },
      cloud: { mqttHost: "mqtt.example", mqttPort: 8883 },
      softAp: { ssid: softApSsid },
      ports: {
        clock,
        random: new SeededRandom((this.#options.seed ?? 1) + this.#starts),
        crypto: nodeCrypto,
        datagrams: host.datagrams,
        streams: host.streams,
        radio,
        store: this.store,
        mqtt: new VirtualMqttConnector({ brokers: [this.cloud.broker], host }),
        http: new VirtualHttpClient({ web, host }),
        log: this.log,
        led: this.led,
      },
      ...this.#options.device,
      ...changes,
    });
    device.onEvent((event) => this.events.push(event));
    return [device, radio, host];
  }
}
