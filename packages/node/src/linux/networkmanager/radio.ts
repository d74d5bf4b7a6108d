import { neverCanceled, type Radio, type RadioCapabilities, silentLog } from "@softap/ports";
import { readCapabilities, withOneRole } from "../capabilities.ts";
import { startDhcpServer } from "../dhcp-server.ts";
import { endLeftovers } from "../leftovers.ts";
import { childrenHold } from "../process-rights.ts";
import { LinuxSoftAp } from "../soft-ap.ts";
import { removeSoftApInterface } from "../virtual-interface.ts";
import type { RadioOptions } from "../radio-options.ts";
import { NetworkManagerClient } from "./client.ts";
import { NetworkManagerDevice } from "./device.ts";
import { NetworkManagerSoftAp } from "./soft-ap.ts";
import { NetworkManagerStation } from "./station.ts";

/** What {@link NetworkManagerRadio.open} takes. */
export interface NetworkManagerRadioOptions extends RadioOptions {
  /** Socket of the system bus. @defaultValue the standard one */
  readonly busPath?: string;
}

/** What polkit has to allow without asking: nobody sits in front of a device. */
const neededPermissions = ["network-control", "settings.modify.system", "wifi.share.protected"] as const;

/** A radio under NetworkManager 1.42 or newer. */
export class NetworkManagerRadio implements Radio {
  /** Which back-end this is. */
  readonly backend = "networkmanager";
  readonly capabilities: RadioCapabilities;
  readonly station: NetworkManagerStation;
  readonly softAp: LinuxSoftAp;
  readonly #client: NetworkManagerClient;
  readonly #device: NetworkManagerDevice;

  private constructor(parts: {
    capabilities: RadioCapabilities;
    client: NetworkManagerClient;
    device: NetworkManagerDevice;
    station: NetworkManagerStation;
    softAp: LinuxSoftAp;
  }) {
    this.capabilities = parts.capabilities;
    this.station = parts.station;
    this.softAp = parts.softAp;
    this.#client = parts.client;
    this.#device = parts.device;
  }

  /**
   * Takes the radio over as it is: a joined network stays joined, what a former run only tried is removed.
   *
   * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_UNMANAGED`, `WIFI_BLOCKED`, `WIFI_SUPPLICANT_GONE`, `WIFI_PROGRAM_MISSING`
   * @throws {TransportError} `PERMISSION_DENIED`
   */
  static async open(options: NetworkManagerRadioOptions): Promise<NetworkManagerRadio> {
    const { interfaceName, clock, signal, log = silentLog, busPath, oneRoleAtATime = false } = options;
    const kernel = await readCapabilities(interfaceName, { signal });
    const capabilities = oneRoleAtATime || !childrenHold(["netAdmin"]) ? withOneRole(kernel) : kernel;
    const mayServe = childrenHold(["netAdmin", "netBindService"]);
    const client = await NetworkManagerClient.connect({
      signal,
      ...(busPath === undefined ? {} : { busPath }),
    });
    let device: NetworkManagerDevice | undefined;
    try {
      await client.requirePermissions(neededPermissions, { signal });
      device = await NetworkManagerDevice.open(client, interfaceName, { signal });
      await device.requireUsable(clock, { signal });
      await endLeftovers(interfaceName);
      const driver = new NetworkManagerSoftAp({
        client,
        device,
        station: () => station,
        capabilities,
        startDhcpServer: mayServe ? startDhcpServer : undefined,
        clock,
        log,
      });
      const softAp = new LinuxSoftAp({ driver, interfaceName, capabilities, clock, log });
      const station: NetworkManagerStation = await NetworkManagerStation.open(
        { client, device, clock, log, sae: capabilities.sae, softAp },
        { signal },
      );
      return new NetworkManagerRadio({ capabilities, client, device, station, softAp });
    } catch (error) {
      device?.close();
      client.close();
      throw error;
    }
  }

  /** Stops the soft AP and lets go of NetworkManager; a joined network stays joined. Idempotent. */
  async close(): Promise<void> {
    await this.softAp.stop({ signal: neverCanceled });
    await removeSoftApInterface(this.#device.interfaceName, { signal: neverCanceled });
    this.#device.close();
    this.#client.close();
  }
}
