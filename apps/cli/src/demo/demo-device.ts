import { Device } from "@softap/device";
import { nodeClock, nodePorts } from "@softap/node";
import { canceled, type Log, neverCanceled, withTimeout } from "@softap/ports";
import { decodeUtf8, encodeUtf8, Secret } from "@softap/protocol";
import { MemoryStore, type RouterOptions } from "@softap/virtual";
import { virtualRadio } from "../device/virtual-wifi.ts";
import { type DemoCloud, demoAddress, type DemoProduct } from "./demo-cloud.ts";

/** Name of the demo's device. */
const demoDeviceName = "demo-lamp";

/** The router of the demo. */
export const demoNetwork = { ssid: "Home-WiFi", passphrase: Secret.of("abcd1234") };

/** How long the router takes, milliseconds: long enough that a person sees it happen. */
const joinMs = 350;
/** With `--slow`. */
const slowJoinMs = 2_500;
/** Longest wait for the message to come back, milliseconds. */
const echoTimeoutMs = 5_000;

/** A device that registers itself; only its radio is virtual. */
export function demoDevice(options: {
  cloud: DemoCloud;
  product: DemoProduct;
  isSlow: boolean;
  log: Log;
}): Device {
  const { cloud, product, isSlow, log } = options;
  const store = new MemoryStore();
  const router: RouterOptions = { ...demoNetwork, rssiDbm: -48, joinMs: isSlow ? slowJoinMs : joinMs };
  const capabilities = { softApWhileStation: true, bands: ["2.4GHz"], sae: true } as const;
  return new Device({
    identity: { productId: product.productId, deviceName: demoDeviceName },
    credentials: { kind: "psk", productSecret: product.productSecret },
    cloud: {
      mqttHost: demoAddress,
      mqttPort: cloud.running.mqttsPort,
      registration: { url: cloud.url, form: 2 },
    },
    server: { address: demoAddress, port: 0, logPort: 0 },
    softAp: { ssid: `softap-${demoDeviceName}` },
    ports: { ...nodePorts(), radio: virtualRadio({ capabilities, routers: [router] }, store), store, log },
  });
}

/**
 * Sends a message through the cloud back to the device over the session that it kept, and waits for it.
 *
 * @returns Topic of the message.
 * @throws {SoftApError} `TIMEOUT`, `MQTT_LOST`, `MQTT_SUBSCRIBE_REFUSED`
 */
export async function exchangeMessage(device: Device, product: DemoProduct): Promise<string> {
  const topic = `${product.productId}/${demoDeviceName}/data`;
  const text = "hello from the lamp";
  await withTimeout(
    nodeClock,
    { phase: "The message's way through the cloud", limitMs: echoTimeoutMs, signal: neverCanceled },
    async (signal) => {
      const { promise: received, resolve, reject } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => reject(canceled(signal)), { once: true });
      // While it is subscribed, nobody waits for it yet.
      received.catch(() => {});
      const subscription = await device.mqtt.subscribe(
        topic,
        (payload) => {
          if (decodeUtf8(payload) === text) resolve();
        },
        { qos: 1 },
      );
      await device.mqtt.publish(topic, encodeUtf8(text), { qos: 1 });
      await received;
      subscription.close();
    },
  );
  return topic;
}
