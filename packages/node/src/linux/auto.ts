import type { Radio } from "@softap/ports";
import { isSoftApError } from "@softap/protocol";
import { readCapabilities } from "./capabilities.ts";
import { NetworkManagerRadio } from "./networkmanager/radio.ts";
import { WpaRadio } from "./wpa/radio.ts";
import type { RadioOptions } from "./radio-options.ts";

/** What {@link openLinuxRadio} takes. */
export interface LinuxRadioOptions extends RadioOptions {
  /** @defaultValue "auto" */
  readonly backend?: LinuxBackend;
}

/** What serves the radio: NetworkManager, our own wpa_supplicant, or the one that fits. */
export type LinuxBackend = "auto" | "networkmanager" | "wpa";

/** A radio of Linux, opened. */
export type LinuxRadio = Radio & {
  /** Which back-end serves it. */
  readonly backend: Exclude<LinuxBackend, "auto">;
  /** Takes the soft AP down and lets go of the radio. Idempotent. */
  close(): Promise<void>;
};

/**
 * Opens a radio. `auto` takes NetworkManager where it runs and manages the interface, and wpa_supplicant elsewhere.
 *
 * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_BLOCKED`, `WIFI_UNMANAGED`, `WIFI_SUPPLICANT_GONE`, `WIFI_PROGRAM_MISSING`
 * @throws {TransportError} `PERMISSION_DENIED`
 */
export async function openLinuxRadio(options: LinuxRadioOptions): Promise<LinuxRadio> {
  const { backend = "auto" } = options;
  if (backend === "networkmanager") return NetworkManagerRadio.open(options);
  if (backend === "wpa") return WpaRadio.open(options);
  // Asked first, so that a missing interface is not taken for a missing NetworkManager.
  await readCapabilities(options.interfaceName, options);
  try {
    return await NetworkManagerRadio.open(options);
  } catch (error) {
    if (!isSoftApError(error) || !leavesToWpa.has(error.code)) throw error;
    options.log?.info("NetworkManager does not serve the radio", { code: error.code });
  }
  return WpaRadio.open(options);
}

/** NetworkManager does not run, does not know the interface, or leaves it alone. */
const leavesToWpa: ReadonlySet<string> = new Set([
  "WIFI_SUPPLICANT_GONE",
  "WIFI_UNMANAGED",
  "WIFI_INTERFACE_MISSING",
]);
