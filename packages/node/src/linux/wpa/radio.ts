import { existsSync } from "node:fs";
import { neverCanceled, type Radio, type RadioCapabilities, silentLog } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { requireUnblocked } from "../block.ts";
import { readCapabilities, withOneRole } from "../capabilities.ts";
import { requireProgram } from "../command.ts";
import { endLeftovers, prepareRuntimeFolder } from "../leftovers.ts";
import { childrenHold } from "../process-rights.ts";
import { LinuxSoftAp } from "../soft-ap.ts";
import { removeSoftApInterface } from "../virtual-interface.ts";
import type { RadioOptions } from "../radio-options.ts";
import { WpaSoftAp } from "./soft-ap.ts";
import { WpaStation } from "./station.ts";
import { Supplicant } from "./supplicant.ts";

/** What {@link WpaRadio.open} takes. */
export interface WpaRadioOptions extends RadioOptions {
  /** Where the kept network stands. @defaultValue `/etc/wpa_supplicant/wpa_supplicant-<interface>.conf` */
  readonly configPath?: string;
}

/** Folders in which a supplicant of somebody else would have its control socket. */
const foreignControlFolders = ["/run/wpa_supplicant", "/var/run/wpa_supplicant"];

/** A radio without a network manager: wpa_supplicant, hostapd, dnsmasq and a DHCP client as our own children. */
export class WpaRadio implements Radio {
  /** Which back-end this is. */
  readonly backend = "wpa";
  readonly capabilities: RadioCapabilities;
  readonly station: WpaStation;
  readonly softAp: LinuxSoftAp;
  readonly #interfaceName: string;

  private constructor(parts: {
    capabilities: RadioCapabilities;
    station: WpaStation;
    softAp: LinuxSoftAp;
    interfaceName: string;
  }) {
    this.capabilities = parts.capabilities;
    this.station = parts.station;
    this.softAp = parts.softAp;
    this.#interfaceName = parts.interfaceName;
  }

  /**
   * Takes the radio over; children that a killed former run left are ended.
   *
   * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_BLOCKED`, `WIFI_PROGRAM_MISSING`; `WIFI_UNMANAGED` when another
   * wpa_supplicant has the interface
   * @throws {TransportError} `PERMISSION_DENIED` without the right to administer the network
   */
  static async open(options: WpaRadioOptions): Promise<WpaRadio> {
    const { interfaceName, clock, signal, log = silentLog, oneRoleAtATime = false } = options;
    const { configPath = `/etc/wpa_supplicant/wpa_supplicant-${interfaceName}.conf` } = options;
    const kernel = await readCapabilities(interfaceName, { signal });
    if (!childrenHold(["netAdmin"]))
      throw softApError(
        "PERMISSION_DENIED",
        "The right to administer the network (CAP_NET_ADMIN) is missing",
      );
    requireUnblocked(interfaceName);
    for (const program of ["wpa_supplicant", "wpa_cli", "hostapd", "dnsmasq", "ip"]) requireProgram(program);
    const foreign = foreignControlFolders.find((folder) => existsSync(`${folder}/${interfaceName}`));
    if (foreign !== undefined) {
      const message = `Another wpa_supplicant has ${interfaceName}`;
      throw softApError("WIFI_UNMANAGED", message, { context: { interface: interfaceName } });
    }
    await endLeftovers(interfaceName);
    const folder = await prepareRuntimeFolder(interfaceName);
    const capabilities = oneRoleAtATime ? withOneRole(kernel) : kernel;
    const supplicant = new Supplicant({ interfaceName, folder, clock });
    const driver = new WpaSoftAp({
      interfaceName,
      station: () => station,
      capabilities,
      folder,
      clock,
    });
    const softAp = new LinuxSoftAp({ driver, interfaceName, capabilities, clock, log });
    const { sae } = capabilities;
    const station: WpaStation = new WpaStation({
      interfaceName,
      supplicant,
      clock,
      log,
      configPath,
      sae,
      softAp,
    });
    return new WpaRadio({ capabilities, station, softAp, interfaceName });
  }

  /** Stops the soft AP, leaves the network and ends every child. Idempotent. */
  async close(): Promise<void> {
    await this.softAp.stop({ signal: neverCanceled });
    await this.station.close();
    await removeSoftApInterface(this.#interfaceName, { signal: neverCanceled });
  }
}
