import { Device, type DeviceStep } from "@softap/device";
import { nodeClock, nodePorts } from "@softap/node";
import { Secret } from "@softap/protocol";
import { MemoryStore, VirtualAir, VirtualRadio } from "@softap/virtual";
import type { BenchDevice } from "./cloud-fixture.ts";

/** The network of the bench: joining it takes no time. */
export const benchNetwork = { ssid: "Home-WiFi", passphrase: Secret.of("abcd1234") };

/** A device in this process: real sockets towards phone and cloud, a virtual radio whose router answers at once. */
export async function startBenchDevice(
  device: BenchDevice,
  mqttPort: number,
): Promise<{ device: Device; port: number }> {
  const air = new VirtualAir({ clock: nodeClock });
  air.addRouter({ ...benchNetwork, joinMs: 0 });
  const { deviceSecret, ...identity } = device;
  const started = new Device({
    identity,
    credentials: { kind: "psk", deviceSecret },
    cloud: { mqttHost: "127.0.0.1", mqttPort },
    server: { address: "127.0.0.1", port: 0, logPort: 0 },
    ports: { ...nodePorts(), radio: new VirtualRadio({ air }), store: new MemoryStore() },
  });
  await started.startSoftAp({ ssid: "bench" });
  const port = started.localPort;
  if (port === undefined) throw new Error("the device does not listen");
  return { device: started, port };
}

/** Milliseconds from the credentials' arrival to the handled token reply, by the device's own steps. */
export function bindTimeMs(steps: readonly DeviceStep[]): number {
  const at = (name: DeviceStep["name"]): number =>
    steps.find((step) => step.name === name)?.atMs ?? Number.NaN;
  return at("tokenAccepted") - at("credentialsReceived");
}
