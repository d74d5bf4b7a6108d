import { randomUUID } from "node:crypto";
import {
  type CancelSignal,
  type Clock,
  type Log,
  type NetworkCredentials,
  neverCanceled,
  type SeenNetwork,
  type Station,
  type StationLease,
  type StationStatus,
  throwIfCanceled,
  withTimeout,
} from "@softap/ports";
import { asSoftApError, isSoftApError, softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { notFound, requireFitting, requireJoinable } from "../credentials-check.ts";
import { asList, asMap, asNumber, asText } from "../dbus/value.ts";
import { Exclusive } from "../exclusive.ts";
import { seenNetwork } from "./access-point.ts";
import type { SoftApRole } from "../soft-ap-role.ts";
import { tidy } from "../tidy.ts";
import type { NetworkManagerClient } from "./client.ts";
import type { NetworkManagerDevice, StateChange } from "./device.ts";
import { JoinWatch, newActivation } from "./join-watch.ts";
import { ownProfiles } from "./kept-profiles.ts";
import { DeviceState, Interface, noPath, WirelessMode } from "./names.ts";
import { stationProfile } from "./profile.ts";
import { NetworkManagerScanner } from "./scanner.ts";

/** What a {@link NetworkManagerStation} is made of. */
export interface NetworkManagerStationOptions {
  readonly client: NetworkManagerClient;
  readonly device: NetworkManagerDevice;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the radio can do WPA3-SAE. */
  readonly sae: boolean;
  /** The other role of the radio, as far as a join has to care. */
  readonly softAp: SoftApRole;
}

interface Joined {
  readonly profilePath: string;
  readonly uuid: string;
  readonly network: NetworkCredentials;
  readonly security: SeenNetwork["security"];
}

/** The Wi-Fi client of a device under NetworkManager. A network is a profile in memory until it is kept. */
export class NetworkManagerStation implements Station {
  readonly #options: NetworkManagerStationOptions;
  readonly #scanner: NetworkManagerScanner;
  readonly #exclusive = new Exclusive();
  #status: StationStatus = { state: "idle" };
  #joined: Joined | undefined;
  /** What is given while the soft AP holds the radio. */
  #lastScan: readonly SeenNetwork[] = [];
  #isOurDoing = false;
  onLost: (() => void) | undefined;

  private constructor(options: NetworkManagerStationOptions) {
    this.#options = options;
    this.#scanner = new NetworkManagerScanner(options);
    options.device.listen((change) => this.#follow(change));
  }

  /** Takes over what is there: a network that is joined counts as joined, one that was only tried is forgotten. */
  static async open(options: NetworkManagerStationOptions, call: Call): Promise<NetworkManagerStation> {
    const station = new NetworkManagerStation(options);
    const { client, device } = options;
    for (const profile of await ownProfiles(client, device.interfaceName, call)) {
      const isTried = profile.role === "station" && profile.generation === undefined;
      if (isTried || profile.role === "soft-ap") await client.deleteProfile(profile.path, call);
    }
    await device.resolve(call);
    if (device.state === DeviceState.activated && (await station.#isStation(call)))
      await station.#refreshLease(call);
    return station;
  }

  get status(): StationStatus {
    return this.#status;
  }

  /** Scanner of the same device. */
  get scanner(): NetworkManagerScanner {
    return this.#scanner;
  }

  scan(call: Call): Promise<readonly SeenNetwork[]> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(call.signal);
      const { device, clock, softAp } = this.#options;
      await device.requireUsable(clock, call);
      if (!softAp.holdsRadio) this.#lastScan = await this.#scanner.scan(call);
      return this.#lastScan;
    });
  }

  join(
    network: NetworkCredentials,
    options: { timeoutMs: number; signal: CancelSignal },
  ): Promise<StationLease> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(options.signal);
      requireJoinable(network);
      const lease = await this.#connect(network, options, async (security, call) => {
        const { client, device } = this.#options;
        const uuid = randomUUID();
        const profile = stationProfile({
          uuid,
          interfaceName: device.interfaceName,
          network,
          security,
          generation: undefined,
          // Our own limit ends the wait; NetworkManager must not end it earlier, nor long after.
          dhcpTimeoutS: Math.ceil(options.timeoutMs / 1000),
        });
        const { profilePath } = await client.addAndActivate(profile, device.path, {
          ...call,
          persist: "memory",
        });
        return { profilePath, uuid, network, security };
      });
      return lease;
    });
  }

  keep(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      const joined = this.#joined;
      if (joined === undefined || this.#status.state !== "joined")
        throw softApError("WIFI_NOT_JOINED", "No network is joined that could be kept");
      const { client, device } = this.#options;
      const { interfaceName } = device;
      const former = (await ownProfiles(client, interfaceName, call)).filter(
        (profile) => profile.generation !== undefined,
      );
      const generation = (former[0]?.generation ?? 0) + 1;
      const { uuid, network, security, profilePath } = joined;
      const profile = stationProfile({ uuid, interfaceName, network, security, generation });
      await client.saveProfile(profilePath, profile, call);
      // From here on the new one counts: a power cut before the next line leaves both, and the higher generation wins.
      this.#joined = undefined;
      for (const { path } of former) await client.deleteProfile(path, call);
    });
  }

  async keptSsid(call: Call): Promise<Uint8Array | undefined> {
    return (await this.#kept(call))?.ssid;
  }

  joinKept(options: { timeoutMs: number; signal: CancelSignal }): Promise<StationLease> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(options.signal);
      const kept = await this.#kept(options);
      if (kept === undefined) throw softApError("WIFI_NOTHING_KEPT", "No network is kept");
      const { client, device } = this.#options;
      return this.#connect({ ssid: kept.ssid }, options, async (_security, call) => {
        await client.activate(kept.path, device.path, call);
        return undefined;
      });
    });
  }

  leave(call: Call): Promise<void> {
    return this.#exclusive.run(() => this.#disconnect(call));
  }

  forget(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      await this.#disconnect(call);
      const { client, device } = this.#options;
      for (const profile of await ownProfiles(client, device.interfaceName, call))
        if (profile.role === "station") await client.deleteProfile(profile.path, call);
    });
  }

  async #kept(call: Call): Promise<{ path: string; ssid: Uint8Array } | undefined> {
    const { client, device } = this.#options;
    const [first] = await ownProfiles(client, device.interfaceName, call);
    return first?.generation === undefined ? undefined : first;
  }

  /** The one way into a network: look for it, make room on the air, begin, and wait for the verdict. */
  async #connect(
    network: {
      readonly ssid: Uint8Array;
      readonly bssid?: string;
      readonly passphrase?: NetworkCredentials["passphrase"];
    },
    options: { timeoutMs: number; signal: CancelSignal },
    begin: (security: SeenNetwork["security"], call: Call) => Promise<Joined | undefined>,
  ): Promise<StationLease> {
    const { client, device, clock, sae, softAp } = this.#options;
    await device.requireUsable(clock, options);
    const before = this.#joined;
    const limit = { phase: "join", limitMs: options.timeoutMs, signal: options.signal };
    let watch: JoinWatch | undefined;
    this.#isOurDoing = true;
    this.#status = { state: "joining" };
    try {
      await withTimeout(clock, limit, async (signal) => {
        const call = { signal };
        await softAp.makeRoom(call);
        const seen = await this.#scanner.find(network, { ...call, hasProfile: !("passphrase" in network) });
        if (seen === undefined) throw notFound();
        if ("passphrase" in network)
          requireFitting(seen, { ssid: network.ssid, passphrase: network.passphrase }, { sae });
        watch = new JoinWatch({ device, security: seen.security, rssiDbm: seen.rssiDbm });
        await softAp.follow(seen.channel, call);
        await watch.start(client, call);
        this.#joined = await begin(seen.security, call);
        await watch.finished(call);
      });
      if (before !== undefined) await this.#drop(before);
      return await this.#refreshLease(options);
    } catch (error) {
      this.#status = { state: "idle" };
      const isGivenUp = options.signal.aborted;
      if (isGivenUp) await tidy("disconnect", this.#options, (call) => client.disconnect(device.path, call));
      for (const tried of [this.#joined, before]) if (tried !== undefined) await this.#drop(tried);
      this.#joined = undefined;
      await softAp.resume();
      if (isSoftApError(error, "TIMEOUT") && !isGivenUp) throw watch?.failure(undefined) ?? notFound(error);
      throw error;
    } finally {
      watch?.stop();
      this.#isOurDoing = false;
    }
  }

  async #disconnect(call: Call): Promise<void> {
    const { client, device } = this.#options;
    await device.resolve(call);
    this.#isOurDoing = true;
    try {
      // The soft AP may have the device: leaving a network must not end it.
      if (await this.#isStation(call)) await client.disconnect(device.path, call);
      if (this.#joined !== undefined) await this.#drop(this.#joined);
      this.#joined = undefined;
      this.#status = { state: "idle" };
    } finally {
      this.#isOurDoing = false;
    }
  }

  async #isStation(call: Call): Promise<boolean> {
    const { client, device } = this.#options;
    if (device.state < DeviceState.prepare) return false;
    const mode = await client.get(device.path, Interface.wireless, "Mode", call);
    return asNumber(mode) !== WirelessMode.accessPoint;
  }

  #drop(tried: Joined): Promise<void> {
    const { client } = this.#options;
    return tidy("profile", this.#options, (call) => client.deleteProfile(tried.profilePath, call));
  }

  #follow(change: StateChange): void {
    if (this.#isOurDoing) return;
    if (change.state === DeviceState.activated) {
      void this.#noticeReturn();
      return;
    }
    if (this.#status.state !== "joined" || change.previous !== DeviceState.activated) return;
    this.#status = { state: "idle" };
    // The soft AP took the device over: that is our doing.
    if (change.reason !== newActivation) this.onLost?.();
  }

  /** NetworkManager came back to a kept network by itself. */
  async #noticeReturn(): Promise<void> {
    const call = { signal: neverCanceled };
    try {
      if (await this.#isStation(call)) await this.#refreshLease(call);
    } catch (error) {
      this.#options.log.debug("lease not readable", { code: asSoftApError(error).code });
    }
  }

  /** @throws {WifiError} `WIFI_LOST` when the network is gone again */
  async #refreshLease(call: Call): Promise<StationLease> {
    const { client, device } = this.#options;
    const accessPoint = asText(await client.get(device.path, Interface.wireless, "ActiveAccessPoint", call));
    const ip4Config = asText(await client.get(device.path, Interface.device, "Ip4Config", call));
    if (accessPoint === noPath || ip4Config === noPath) throw lostAtOnce();
    const { ssid, rssiDbm, channel } = seenNetwork(
      await client.getAll(accessPoint, Interface.accessPoint, call),
    );
    const [first] = asList(await client.get(ip4Config, Interface.ip4Config, "AddressData", call));
    const address = asText(asMap(first).get("address"));
    if (address === "") throw lostAtOnce();
    const lease = { ssid, address, rssiDbm, channel };
    this.#status = { state: "joined", lease };
    return lease;
  }
}

function lostAtOnce(): Error {
  return softApError("WIFI_LOST", "The network was lost at once");
}
