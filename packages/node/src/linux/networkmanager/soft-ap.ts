import { randomUUID } from "node:crypto";
import { type Clock, type Log, type SeenNetwork, type StationStatus, withTimeout } from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import type { KernelCapabilities } from "../capabilities.ts";
import { requireProgram } from "../command.ts";
import type { DhcpServer, startDhcpServer } from "../dhcp-server.ts";
import { linuxLimits } from "../limits.ts";
import type { OpenSoftAp, SoftApDriver, SoftApPlan } from "../soft-ap.ts";
import { tidy } from "../tidy.ts";
import { addSoftApInterface } from "../virtual-interface.ts";
import type { NetworkManagerClient } from "./client.ts";
import { type NetworkManagerDevice, openNewDevice } from "./device.ts";
import { DeviceState } from "./names.ts";
import { softApProfile } from "./profile.ts";
import { networkManagerError, NetworkManagerReason } from "./reasons.ts";
import type { NetworkManagerStation } from "./station.ts";

/** What a {@link NetworkManagerSoftAp} is made of. */
export interface NetworkManagerSoftApOptions {
  readonly client: NetworkManagerClient;
  /** Device of the station; the soft AP takes it over where the radio has one role at a time. */
  readonly device: NetworkManagerDevice;
  /** The station of the same radio, asked for late: it is made after the soft AP. */
  readonly station: () => NetworkManagerStation;
  readonly capabilities: KernelCapabilities;
  /** Starts the DHCP server; without it NetworkManager's own serves, which cannot lead phones to the portal. */
  readonly startDhcpServer: typeof startDhcpServer | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens soft APs under NetworkManager, as activations that end by themselves when this process ends. */
export class NetworkManagerSoftAp implements SoftApDriver {
  readonly #options: NetworkManagerSoftApOptions;

  constructor(options: NetworkManagerSoftApOptions) {
    this.#options = options;
  }

  async surroundings(call: Call): Promise<{ status: StationStatus; seen: readonly SeenNetwork[] }> {
    const station = this.#options.station();
    if (station.status.state === "idle") await this.#associated(call);
    return { status: station.status, seen: await station.scanner.known(call) };
  }

  /** NetworkManager may be on its own way into a network, and its channel is known when it is associated. */
  async #associated(call: Call): Promise<void> {
    const { device, clock } = this.#options;
    const limit = { phase: "association", limitMs: linuxLimits.associationMs, signal: call.signal };
    const isOver = ({ state }: { state: number }): boolean =>
      state < DeviceState.prepare || state > DeviceState.needAuth;
    try {
      await withTimeout(clock, limit, (signal) => device.waitFor(isOver, { signal }));
    } catch (error) {
      if (!isSoftApError(error, "TIMEOUT") || call.signal.aborted) throw error;
    }
  }

  async open(plan: SoftApPlan, call: Call): Promise<OpenSoftAp> {
    const { client, clock } = this.#options;
    await this.#options.device.requireUsable(clock, call);
    this.#requireDhcpServer(plan);
    const device = await this.#device(call);
    const { interfaceName } = device;
    const { softAp, channel, address } = plan;
    const addressesBy = this.#options.startDhcpServer === undefined ? "networkManager" : "us";
    const uuid = randomUUID();
    const profile = softApProfile({ uuid, interfaceName, softAp, channel, address, addressesBy });
    let profilePath: string | undefined;
    let dhcp: DhcpServer | undefined;
    try {
      const activated = this.#activated(device, call);
      try {
        ({ profilePath } = await client.addAndActivate(profile, device.path, {
          ...call,
          persist: "volatile",
        }));
      } catch (error) {
        activated.ignore();
        throw error;
      }
      await activated.promise;
      const { startDhcpServer: start, device: station } = this.#options;
      const served = { interfaceName, address, softAp, stationInterface: station.interfaceName };
      dhcp = await start?.(served, { ...call, clock });
    } catch (error) {
      await this.#release(device, profilePath);
      if (call.signal.aborted) throw error;
      throw networkManagerError(error, "The soft AP did not start", "SOFTAP_START_FAILED");
    }
    const stopListening = device.listen(({ state }) => {
      if (state !== DeviceState.activated) plan.onDown();
    });
    if (dhcp !== undefined) dhcp.onExit = () => plan.onDown();
    return {
      interfaceName,
      close: async () => {
        stopListening();
        await dhcp?.stop(clock);
        await this.#release(device, profilePath);
      },
    };
  }

  /** Refuses before anything is started; tells when phones will not find the portal. */
  #requireDhcpServer({ softAp }: SoftApPlan): void {
    requireProgram("dnsmasq");
    const isPortalOn = softAp.answersNames === true || softAp.portalUrl !== undefined;
    if (this.#options.startDhcpServer !== undefined || !isPortalOn) return;
    this.#options.log.warn("phones are not led to the portal", {
      needs: "CAP_NET_ADMIN, CAP_NET_BIND_SERVICE",
    });
  }

  /** Begins to listen at once, so that no step is missed. */
  #activated(device: NetworkManagerDevice, call: Call): { promise: Promise<void>; ignore: () => void } {
    let hasBegun = false;
    let failure: NetworkManagerReason | undefined;
    const stop = device.listen(({ state, reason }) => {
      if (state === DeviceState.prepare) hasBegun = true;
      const isDown = state === DeviceState.failed || state <= DeviceState.disconnected;
      if (isDown && hasBegun) failure ??= new NetworkManagerReason(reason);
    });
    const promise = device
      .waitFor(({ state }) => failure !== undefined || (hasBegun && state === DeviceState.activated), call)
      .then(() => {
        if (failure !== undefined)
          throw softApError("SOFTAP_START_FAILED", "The soft AP did not start", { cause: failure });
      })
      .finally(stop);
    const ignore = (): void => {
      stop();
      promise.catch(() => {});
    };
    return { promise, ignore };
  }

  /** The interface to open the network on: one of its own where the radio can do both. */
  async #device(call: Call): Promise<NetworkManagerDevice> {
    const { client, device, capabilities, clock } = this.#options;
    if (!capabilities.softApWhileStation) return device;
    const name = await addSoftApInterface(device.interfaceName, call);
    const limit = { phase: "new interface", limitMs: linuxLimits.interfaceReadyMs, signal: call.signal };
    return withTimeout(clock, limit, (signal) => openNewDevice(client, name, { signal }));
  }

  /** Ends the activation and waits until the radio is free. */
  async #release(device: NetworkManagerDevice, profilePath: string | undefined): Promise<void> {
    const { client } = this.#options;
    await tidy("soft AP", this.#options, async (call) => {
      if (profilePath !== undefined) await client.deleteProfile(profilePath, call);
      await device.waitFor(
        ({ state }) => state <= DeviceState.disconnected || state === DeviceState.failed,
        call,
      );
    });
    if (device !== this.#options.device) device.close();
  }
}
