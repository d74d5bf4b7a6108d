import { Device, type DeviceEvent, type DeviceOptions, type DeviceStep } from "@softap/device";
import { nodeCrypto } from "@softap/node";
import { neverCanceled } from "@softap/ports";
import { decodeUtf8 } from "@softap/protocol";
import {
  MemoryLog,
  MemoryStore,
  SeededRandom,
  VirtualHttpClient,
  type VirtualHost,
  VirtualMqttConnector,
  VirtualRadio,
  type VirtualRadioOptions,
} from "@softap/virtual";
import { Power } from "./power.ts";
import { cloudUrl, mqttHost } from "./story-cloud.ts";
import { type Gate, tap } from "./tap.ts";
import type { World } from "./world.ts";

/** What a story changes of a device. */
export interface StoryDeviceOptions {
  readonly radio?: Partial<VirtualRadioOptions>;
  readonly device?: Partial<DeviceOptions>;
  /** Which calls of the ports go through what. */
  readonly gate?: Gate;
}

/** A device that can lose its power and get it back; its store stays. */
export class StoryDevice {
  readonly store = new MemoryStore();
  readonly events: DeviceEvent[] = [];
  readonly log: MemoryLog;
  readonly softApSsid: string;
  readonly deviceId: string;
  readonly #world: World;
  readonly #hostName: string;
  readonly #identity: { readonly productId: string; readonly deviceName: string };
  readonly #credentials: DeviceOptions["credentials"];
  readonly #options: StoryDeviceOptions;
  #boots = 0;
  /** Off until {@link StoryDevice.make}. */
  power = new Power();
  /** Set by the first {@link StoryDevice.boot}. */
  device!: Device;
  radio!: VirtualRadio;
  host!: VirtualHost;
  mqtt!: VirtualMqttConnector;

  constructor(
    world: World,
    who: {
      readonly identity: { readonly productId: string; readonly deviceName: string };
      readonly credentials: DeviceOptions["credentials"];
      /** @defaultValue the device's name */
      readonly hostName?: string;
    },
    options: StoryDeviceOptions,
  ) {
    this.#world = world;
    this.#identity = who.identity;
    this.#credentials = who.credentials;
    this.#options = options;
    this.#hostName = who.hostName ?? who.identity.deviceName;
    this.log = new MemoryLog(world.clock);
    this.power.cut();
    this.softApSsid = `softap-${who.identity.deviceName}`;
    this.deviceId = `${who.identity.productId}/${who.identity.deviceName}`;
  }

  /** Switches it on and lets it run by itself. */
  async boot(changes: StoryDeviceOptions = {}): Promise<void> {
    this.make(changes);
    await this.#world.clock.complete(this.device.start(), 60_000);
  }

  /** Switches it on; nothing runs yet. */
  make(changes: StoryDeviceOptions = {}): void {
    const { clock, air, cloud, network, seed } = this.#world;
    this.#boots += 1;
    const host = network.host(`${this.#hostName} ${this.#boots}`);
    const power = new Power();
    const gate = changes.gate ?? this.#options.gate;
    const plug = <T extends object>(port: T, name: string): T =>
      tap(gate === undefined ? port : tap(port, name, gate), name, power);
    const store = plug(this.store, "store");
    const radio = new VirtualRadio({ air, host, store, ...this.#options.radio, ...changes.radio });
    const mqtt = new VirtualMqttConnector({ brokers: [cloud.broker], host });
    power.onCut = () => radio.powerOff();
    this.power = power;
    this.host = host;
    this.radio = radio;
    this.mqtt = mqtt;
    this.device = new Device({
      identity: this.#identity,
      credentials: this.#credentials,
      cloud: { mqttHost, mqttPort: 8883, registration: { url: cloudUrl, form: 1 } },
      softAp: { ssid: this.softApSsid },
      ports: {
        clock: power.clock(clock),
        random: new SeededRandom(seed).child(host.name),
        crypto: nodeCrypto,
        datagrams: plug(host.datagrams, "datagrams"),
        streams: plug(host.streams, "streams"),
        radio: plug(radio, "radio"),
        store,
        mqtt: plug(mqtt, "mqtt"),
        http: plug(new VirtualHttpClient({ web: cloud.web, host }), "http"),
        log: this.log,
      },
      ...this.#options.device,
      ...changes.device,
    });
    this.device.onEvent((event) => this.events.push(event));
  }

  /** Cuts the power: nobody is told, and what was not stored is gone. */
  cutPower(): void {
    this.power.cut();
  }

  /** Steps of every session so far. */
  get steps(): readonly DeviceStep[] {
    return this.events.flatMap((event) => (event.type === "step" ? [event.step] : []));
  }

  /** How often something was done. */
  count(name: DeviceStep["name"]): number {
    return this.steps.filter((step) => step.name === name).length;
  }

  /** Name of the network that would be joined after a restart. */
  async keptSsid(): Promise<string | undefined> {
    const kept = await this.radio.station.keptSsid({ signal: neverCanceled });
    return kept === undefined ? undefined : decodeUtf8(kept);
  }

  /** Text of a stored value. */
  async stored(key: string): Promise<string | undefined> {
    const value = await this.store.get(key, { signal: neverCanceled });
    return value === undefined ? undefined : decodeUtf8(value);
  }

  /** Name of the network that it is on. */
  get joinedSsid(): string | undefined {
    const { status } = this.radio.station;
    return status.state === "joined" ? decodeUtf8(status.lease.ssid) : undefined;
  }
}
