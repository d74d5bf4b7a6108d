import { Device, type DeviceOptions } from "@softap/device";
import { Portal, type PortalOptions } from "@softap/device/portal";
import { nodeClock, nodePorts } from "@softap/node";
import type { RadioCapabilities } from "@softap/ports";
import { Secret } from "@softap/protocol";
import {
  MemoryLog,
  MemoryStore,
  VirtualAir,
  VirtualMqttConnector,
  VirtualRadio,
  type VirtualRouter,
} from "@softap/virtual";
import { deviceSecretText, FakeCloud, identity } from "./fake-cloud.ts";

const address = "127.0.0.1";

/** What a test changes. */
export interface LoopbackOptions {
  readonly portal?: PortalOptions;
  readonly capabilities?: Partial<RadioCapabilities>;
  /** How long a join takes, milliseconds. */
  readonly joinMs?: number;
  readonly device?: Partial<DeviceOptions>;
}

/** A device with a portal on loopback, for real browsers and sockets; its radio and its cloud are virtual. */
export class LoopbackDevice {
  readonly device: Device;
  readonly portal: Portal;
  readonly radio: VirtualRadio;
  readonly air: VirtualAir;
  readonly home: VirtualRouter;
  readonly cloud = new FakeCloud(nodeClock, 1);
  readonly log = new MemoryLog();
  readonly store = new MemoryStore();
  readonly steps: string[] = [];

  constructor(options: LoopbackOptions = {}) {
    const { joinMs = 40 } = options;
    this.air = new VirtualAir({ clock: nodeClock });
    this.home = this.air.addRouter({
      ssid: "Home-WiFi",
      passphrase: Secret.of("abcd1234"),
      joinMs,
      rssiDbm: -48,
    });
    this.air.addRouter({ ssid: "咖啡 & <b>Tea</b>", joinMs, rssiDbm: -64 });
    this.air.addRouter({
      ssid: "Office",
      security: "enterprise",
      rssiDbm: -60,
    });
    const { capabilities } = options;
    this.radio = new VirtualRadio({
      air: this.air,
      store: this.store,
      scanMs: 20,
      ...(capabilities === undefined ? {} : { capabilities }),
    });
    this.portal = new Portal({ address, port: 0, dnsPort: 0, ...options.portal });
    this.device = new Device({
      identity,
      credentials: { kind: "psk", deviceSecret: Secret.of(deviceSecretText) },
      cloud: { mqttHost: "mqtt.example", mqttPort: 8883 },
      softAp: { ssid: "lamp" },
      server: { address, port: 0 },
      portal: this.portal,
      ports: {
        ...nodePorts(),
        radio: this.radio,
        store: this.store,
        mqtt: new VirtualMqttConnector({ brokers: [this.cloud.broker] }),
        log: this.log,
      },
      ...options.device,
    });
    this.device.onEvent((event) => {
      if (event.type === "step") this.steps.push(event.step.name);
    });
  }

  /** Opens soft AP and portal. @returns The page's address. */
  async start(): Promise<string> {
    await this.device.start();
    const { url } = this.portal;
    if (url === undefined) throw new Error("the portal did not open");
    return url;
  }
}
