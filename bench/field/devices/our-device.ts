import { Device } from "@softap/device";
import { nodeCrypto } from "@softap/node";
import { Secret } from "@softap/protocol";
import {
  MemoryStore,
  type VirtualHost,
  VirtualHttpClient,
  VirtualMqttConnector,
  VirtualRadio,
  type VirtualSegment,
} from "@softap/virtual";
import { Power } from "../../../packages/virtual/test/stories/power.ts";
import { tap } from "../../../packages/virtual/test/stories/tap.ts";
import { cloudUrl, identity, mqttHost } from "../field-cloud.ts";
import { type FieldWorld, softApSsid } from "../field-world.ts";
import type { DeviceKind, FieldDevice } from "./field-device.ts";

/** The device that ships, on a virtual radio. */
class OurDevice implements FieldDevice {
  host!: VirtualHost;
  readonly #world: FieldWorld;
  readonly #softApWhileStation: boolean;
  readonly #store = new MemoryStore();
  #radio: VirtualRadio | undefined;
  #power = new Power();
  #boots = 0;
  #isOver = false;

  constructor(world: FieldWorld, softApWhileStation: boolean) {
    this.#world = world;
    this.#softApWhileStation = softApWhileStation;
  }

  get softApSegment(): VirtualSegment | undefined {
    return this.#radio?.softAp.segment;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  boot(): void {
    const { clock, air, cloud, network, random, condition } = this.#world;
    this.#boots += 1;
    this.#isOver = false;
    const power = new Power();
    const host = network.host(`lamp ${this.#boots}`);
    const plug = <T extends object>(port: T, name: string): T => tap(port, name, power);
    const store = plug(this.#store, "store");
    const radio = new VirtualRadio({
      air,
      host,
      store,
      scanMs: 300,
      ...condition.radio,
      capabilities: { softApWhileStation: this.#softApWhileStation },
    });
    power.onCut = () => radio.powerOff();
    const { deviceClockOffMs = 0 } = condition;
    const device = new Device({
      identity,
      credentials: { kind: "psk", deviceSecret: Secret.of("bYKGpzuVosjl0WPGBaBvdA==") },
      cloud: { mqttHost, mqttPort: 8883, registration: { url: cloudUrl, form: 1 } },
      softAp: { ssid: softApSsid },
      ports: {
        clock: power.clock(clock.withWall((clock.wallMs() ?? 0) + deviceClockOffMs)),
        random: random.child(host.name),
        crypto: nodeCrypto,
        datagrams: plug(host.datagrams, "datagrams"),
        streams: plug(host.streams, "streams"),
        radio: plug(radio, "radio"),
        store,
        mqtt: plug(new VirtualMqttConnector({ brokers: [cloud.broker], host }), "mqtt"),
        http: plug(new VirtualHttpClient({ web: cloud.web, host }), "http"),
      },
    });
    device.onEvent(({ type }) => {
      if (type === "sessionEnded") this.#isOver = true;
    });
    this.host = host;
    this.#radio = radio;
    this.#power = power;
    void device.start();
  }

  cutPower(): void {
    this.#power.cut();
  }
}

/** Ours, on a radio that does both at once and on one that does not. */
export const ourDevices: readonly DeviceKind[] = [
  { name: "ours", create: (world) => new OurDevice(world, true) },
  { name: "ours, one radio", create: (world) => new OurDevice(world, false) },
];
