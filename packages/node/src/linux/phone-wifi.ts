import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import {
  type CancelSignal,
  type Clock,
  type Log,
  neverCanceled,
  type PhoneWifi,
  type SeenNetwork,
  silentLog,
  withTimeout,
} from "@softap/ports";
import { asSoftApError, isSoftApError, type Secret } from "@softap/protocol";
import type { Call } from "./call.ts";
import { readCapabilities } from "./capabilities.ts";
import { notFound, requireFitting, requireJoinable } from "./credentials-check.ts";
import { asBytes, asNumber, asText } from "./dbus/value.ts";
import { Exclusive } from "./exclusive.ts";
import { linuxLimits } from "./limits.ts";
import { NetworkManagerClient } from "./networkmanager/client.ts";
import { NetworkManagerDevice } from "./networkmanager/device.ts";
import { JoinWatch } from "./networkmanager/join-watch.ts";
import { ownProfiles } from "./networkmanager/kept-profiles.ts";
import { DeviceState, Interface, noPath, WirelessMode } from "./networkmanager/names.ts";
import { stationProfile } from "./networkmanager/profile.ts";
import { NetworkManagerScanner } from "./networkmanager/scanner.ts";

/** What {@link NetworkManagerPhoneWifi.open} takes. */
export interface NetworkManagerPhoneWifiOptions {
  /** `wlan0`, for example. */
  readonly interfaceName: string;
  readonly clock: Clock;
  readonly signal: CancelSignal;
  /** @defaultValue silent */
  readonly log?: Log;
  /** Socket of the system bus. @defaultValue the standard one */
  readonly busPath?: string;
  /** Whether the radio can do WPA3-SAE. @defaultValue as the kernel says */
  readonly sae?: boolean;
}

/** A computer in the role of the phone: joins a device's soft AP through NetworkManager and goes back afterwards. */
export class NetworkManagerPhoneWifi implements PhoneWifi {
  readonly #client: NetworkManagerClient;
  readonly #device: NetworkManagerDevice;
  readonly #scanner: NetworkManagerScanner;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sae: boolean;
  /** Whose the profile is to be; `undefined` where this user may make one for everybody. */
  readonly #owner: string | undefined;
  readonly #exclusive = new Exclusive();
  #softApProfile: string | undefined;
  /** Profile of the network to go back to. */
  #formerProfile: string | undefined;

  private constructor(parts: {
    client: NetworkManagerClient;
    device: NetworkManagerDevice;
    clock: Clock;
    log: Log;
    sae: boolean;
    owner: string | undefined;
  }) {
    this.#client = parts.client;
    this.#device = parts.device;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#sae = parts.sae;
    this.#owner = parts.owner;
    this.#scanner = new NetworkManagerScanner({ ...parts, role: "phone" });
  }

  /**
   * Makes sure that NetworkManager serves the interface and lets this user join networks; only deletes what a run that was
   * killed left behind.
   *
   * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_UNMANAGED`, `WIFI_BLOCKED`, `WIFI_SUPPLICANT_GONE`
   * @throws {TransportError} `PERMISSION_DENIED`
   */
  static async open(options: NetworkManagerPhoneWifiOptions): Promise<NetworkManagerPhoneWifi> {
    const { interfaceName, clock, signal, log = silentLog, busPath } = options;
    const sae = options.sae ?? (await canSae(interfaceName, signal));
    const client = await NetworkManagerClient.connect({
      signal,
      ...(busPath === undefined ? {} : { busPath }),
    });
    let device: NetworkManagerDevice | undefined;
    try {
      // A person in front of a computer may change profiles of their own; those of everybody are the administrator's.
      const mayShare = await client.holdsPermission("settings.modify.system", { signal });
      await client.requirePermissions(
        ["network-control", mayShare ? "settings.modify.system" : "settings.modify.own"],
        { signal },
      );
      const owner = mayShare ? undefined : userInfo().username;
      device = await NetworkManagerDevice.open(client, interfaceName, { signal });
      await device.requireUsable(clock, { signal });
      for (const { path, role } of await ownProfiles(client, interfaceName, { signal }))
        if (role === "phone") await client.deleteProfile(path, { signal });
      return new NetworkManagerPhoneWifi({ client, device, clock, log, sae, owner });
    } catch (error) {
      device?.close();
      client.close();
      throw error;
    }
  }

  /**
   * Scans until a soft AP of those meant is heard, some 12 s at most.
   *
   * @param isMeant - Whether a network is one of those.
   * @param call.ssid - A name to call, for a soft AP that hides it.
   * @returns Everything that was heard, strongest first.
   */
  lookFor(
    isMeant: (network: SeenNetwork) => boolean,
    call: Call & { readonly ssid?: Uint8Array },
  ): Promise<readonly SeenNetwork[]> {
    return this.#exclusive.run(() => this.#scanner.lookFor(isMeant, call));
  }

  async currentSsid(call: Call): Promise<Uint8Array | undefined> {
    await this.#device.resolve(call);
    if (this.#device.state !== DeviceState.activated) return undefined;
    const mode = await this.#client.get(this.#device.path, Interface.wireless, "Mode", call);
    if (asNumber(mode) !== WirelessMode.infrastructure) return undefined;
    const path = await this.#pathOf(Interface.wireless, "ActiveAccessPoint", call);
    if (path === undefined) return undefined;
    return asBytes(await this.#client.get(path, Interface.accessPoint, "Ssid", call));
  }

  joinSoftAp(network: { ssid: Uint8Array; passphrase: Secret | undefined }, call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      requireJoinable(network);
      await this.#device.requireUsable(this.#clock, call);
      if (this.#softApProfile === undefined) this.#formerProfile = await this.#activeProfile(call);
      const limit = { phase: "join", limitMs: linuxLimits.phoneJoinMs, signal: call.signal };
      let watch: JoinWatch | undefined;
      try {
        await withTimeout(this.#clock, limit, async (signal) => {
          const seen = await this.#scanner.find(network, { signal });
          if (seen === undefined) throw notFound();
          requireFitting(seen, network, { sae: this.#sae });
          watch = new JoinWatch({ device: this.#device, security: seen.security, rssiDbm: seen.rssiDbm });
          await watch.start(this.#client, { signal });
          const profile = stationProfile({
            uuid: randomUUID(),
            interfaceName: this.#device.interfaceName,
            network,
            security: seen.security,
            generation: undefined,
            role: "phone",
            ...(this.#owner === undefined ? {} : { owner: this.#owner }),
          });
          const former = this.#softApProfile;
          const { path } = this.#device;
          const added = await this.#client.addAndActivate(profile, path, { signal, persist: "volatile" });
          this.#softApProfile = added.profilePath;
          if (former !== undefined) await this.#client.deleteProfile(former, { signal });
          await watch.finished({ signal });
        });
      } catch (error) {
        const isTimeUp = isSoftApError(error, "TIMEOUT") && !call.signal.aborted;
        if (!isTimeUp) throw error;
        throw watch?.failure(undefined) ?? notFound(error);
      } finally {
        watch?.stop();
      }
    });
  }

  restore(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      const softAp = this.#softApProfile;
      if (softAp === undefined) return;
      await this.#device.resolve(call);
      await this.#client.deleteProfile(softAp, call);
      this.#softApProfile = undefined;
      const former = this.#formerProfile;
      if (former === undefined) return;
      const watch = new JoinWatch({ device: this.#device, security: "wpa2-psk", rssiDbm: undefined });
      try {
        await watch.start(this.#client, call);
        await this.#client.activate(former, this.#device.path, call);
        await watch.finished(call);
      } finally {
        watch.stop();
      }
    });
  }

  /** Goes back if that was not done, and lets go of NetworkManager. Idempotent. */
  async close(): Promise<void> {
    const limit = { phase: "restore", limitMs: linuxLimits.phoneJoinMs, signal: neverCanceled };
    try {
      await withTimeout(this.#clock, limit, (signal) => this.restore({ signal }));
    } catch (error) {
      this.#log.warn("former network not restored", { code: asSoftApError(error).code });
    }
    this.#device.close();
    this.#client.close();
  }

  async #activeProfile(call: Call): Promise<string | undefined> {
    const active = await this.#pathOf(Interface.device, "ActiveConnection", call);
    if (active === undefined) return undefined;
    return asText(await this.#client.get(active, Interface.active, "Connection", call));
  }

  async #pathOf(interfaceName: string, property: string, call: Call): Promise<string | undefined> {
    const path = asText(await this.#client.get(this.#device.path, interfaceName, property, call));
    return path === "" || path === noPath ? undefined : path;
  }
}

/** Computers often lack the program that knows; then NetworkManager will tell in the end. */
async function canSae(interfaceName: string, signal: CancelSignal): Promise<boolean> {
  try {
    return (await readCapabilities(interfaceName, { signal })).sae;
  } catch (error) {
    if (isSoftApError(error, "WIFI_PROGRAM_MISSING")) return true;
    throw error;
  }
}
