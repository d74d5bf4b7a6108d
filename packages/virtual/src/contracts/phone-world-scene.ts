import type { CancelSignal, Clock, DatagramSockets, Log, PhoneWifi, Random } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { ContractCloud } from "./phone-world-cloud.ts";
import { ContractDevice, type DevicePlace } from "./phone-world-device.ts";
import { type ContractWorld, type Criterion, type PassingTime, realTime } from "./world.ts";

/** The ports of a phone that switches networks by itself. */
export interface PhoneWorldPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly datagrams: DatagramSockets;
  readonly wifi: PhoneWifi;
  readonly log?: Log;
}

/** A provisioning as far as this suite looks at it. */
export interface ContractProvisioning extends AsyncIterable<{
  readonly name: string;
  readonly sends?: number;
}> {
  readonly result: Promise<{ readonly verdict: string; readonly code?: string }>;
  cancel(reason?: unknown): void;
}

/** What this suite asks of a provisioning. */
export interface ContractProvisionOptions {
  readonly cloud: ContractCloud;
  readonly network: { readonly ssid: string; readonly passphrase: Secret };
  readonly softAp: { readonly ssid: Uint8Array; readonly passphrase?: Secret };
  readonly device: { readonly address: string; readonly port: number };
  readonly ports: PhoneWorldPorts;
  readonly limits: Readonly<Record<keyof typeof shortLimits, number>>;
  readonly signal?: CancelSignal;
}

/** A phone at home and online, and a device on its soft AP in reach. No link between the two loses anything. */
export interface PhoneWorld extends ContractWorld {
  /** The side that is to work in this world: `provision` of `@softap/phone`. */
  readonly provision: (options: ContractProvisionOptions) => ContractProvisioning;
  readonly ports: PhoneWorldPorts;
  /** The device's network. It is up. */
  readonly softAp: { readonly ssid: Uint8Array; readonly passphrase: Secret };
  readonly device: DevicePlace;
  /** Whether a request of the app would reach the internet now. */
  isOnline(): boolean;
  /** Whether the phone is on the network that it began on, and nothing ties the app to another one. */
  isHome(): boolean;
  /** What the phone has open: timers, sockets, listeners, by name. */
  leftovers(): readonly string[];
  /** From now on the person refuses to let the app change networks. */
  refusePermission(): void;
  /** The system takes the phone off the soft AP, as phones do that find no internet there. */
  switchNetwork(): void;
}

/** Waits short enough for real time; everything in this suite answers within a few milliseconds. */
const shortLimits = {
  softApTimeoutMs: 4_000,
  restoreTimeoutMs: 4_000,
  silentAfterMs: 600,
  silentAskMs: 300,
  questionGapMs: 100,
  contactLostMs: 300,
  resultWaitMs: 200,
  askGapMs: 50,
  maxAskGapMs: 100,
} as const;

/** Looks, about a millisecond apart, before a phone counts as one that does not come to rest. */
const maxLooks = 15_000;

const network = { ssid: "Home-WiFi", passphrase: Secret.of("abcd1234") };

/** A phone that has given everything back. */
export const asBefore: {
  readonly leftovers: readonly string[];
  readonly isHome: boolean;
  readonly isOnline: boolean;
} = { leftovers: [], isHome: true, isOnline: true };

/** A world with the suite's own cloud and device in it. */
export class Scene implements ContractWorld {
  readonly phone: PhoneWorld;
  readonly cloud: ContractCloud;
  readonly device: ContractDevice;

  private constructor(phone: PhoneWorld, cloud: ContractCloud, device: ContractDevice) {
    this.phone = phone;
    this.cloud = cloud;
    this.device = device;
  }

  /** Puts them there. */
  static async open(phone: PhoneWorld): Promise<Scene> {
    const cloud = new ContractCloud(phone.ports.clock, () => phone.isOnline());
    return new Scene(phone, cloud, await ContractDevice.open(cloud, phone.device));
  }

  /** Of its world. */
  get time(): PassingTime {
    return this.phone.time ?? realTime;
  }

  /** Of its world. */
  async cleanup(): Promise<void> {
    this.device.close();
    await this.phone.cleanup();
  }

  /** Waits until the phone is {@link asBefore}; what it is instead when that does not come true. */
  async atRest(c: Criterion<Scene>): Promise<typeof asBefore> {
    const { phone } = this;
    const isAtRest = () => phone.leftovers().length === 0 && phone.isHome() && phone.isOnline();
    let looks = 0;
    await c.until(() => isAtRest() || (looks += 1) > maxLooks).catch(() => {});
    return { leftovers: phone.leftovers(), isHome: phone.isHome(), isOnline: phone.isOnline() };
  }
}

/** Starts a provisioning. */
export function start(
  c: Criterion<Scene>,
  more: Partial<Pick<ContractProvisionOptions, "softAp" | "signal">> = {},
): { readonly scene: Scene; readonly run: ContractProvisioning } {
  const scene = c.world;
  const { phone, cloud, device } = scene;
  const { ports, softAp } = phone;
  const at = { address: phone.device.address, port: device.port };
  const run = phone.provision({ cloud, network, softAp, device: at, ports, limits: shortLimits, ...more });
  return { scene, run };
}

/** The first step of that name; `undefined` when the provisioning ended without one. */
export async function told(
  run: ContractProvisioning,
  name: string,
): Promise<{ readonly name: string; readonly sends?: number } | undefined> {
  for await (const step of run) if (step.name === name) return step;
  return undefined;
}
