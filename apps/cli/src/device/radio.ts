import { nodeClock } from "@softap/node";
import type { CancelSignal, KeyValueStore, Log, Radio } from "@softap/ports";
import type { DeviceCommandOptions } from "../commands/device.ts";

/** A radio, and how to let go of it. */
export interface OpenRadio {
  readonly radio: Radio;
  close(): Promise<void>;
}

/**
 * Opens the radio that the options name.
 *
 * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_BLOCKED`, `WIFI_UNMANAGED`, `WIFI_SUPPLICANT_GONE`, `WIFI_PROGRAM_MISSING`
 * @throws {TransportError} `PERMISSION_DENIED`; {@link UsageError} for an air that cannot be read
 */
export async function openRadio(
  options: Pick<DeviceCommandOptions, "wifi" | "interface" | "oneRoleAtATime" | "air">,
  world: { store: KeyValueStore; log: Log; signal: CancelSignal },
): Promise<OpenRadio> {
  const { wifi } = options;
  if (wifi === "virtual") {
    const { readAir, virtualRadio } = await import("./virtual-wifi.ts");
    return { radio: virtualRadio(await readAir(options.air), world.store), close: async () => {} };
  }
  const { openLinuxRadio } = await import("@softap/node/linux");
  const radio = await openLinuxRadio({
    interfaceName: options.interface,
    backend: wifi,
    oneRoleAtATime: options.oneRoleAtATime ?? false,
    clock: nodeClock,
    signal: world.signal,
    log: world.log,
  });
  return { radio, close: () => radio.close() };
}
