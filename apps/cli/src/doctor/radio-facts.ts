import { type KernelCapabilities, parseCapabilities } from "@softap/node/linux";
import type { DoctorEnvironment } from "./check.ts";

/** A radio of the machine. */
export interface RadioFacts {
  readonly interfaceName: string;
  /** Name of the radio itself, which may carry several interfaces: `phy0`. */
  readonly phy: string;
  /** Name of the kernel's driver, where it has one. */
  readonly driver: string | undefined;
}

const interfacesFolder = "/sys/class/net";

/** Every interface that is a radio. */
export async function radiosOf({
  machine,
}: Pick<DoctorEnvironment, "machine">): Promise<readonly RadioFacts[]> {
  const radios: RadioFacts[] = [];
  for (const interfaceName of await machine.list(interfacesFolder)) {
    const folder = `${interfacesFolder}/${interfaceName}`;
    const phy = (await machine.readText(`${folder}/phy80211/name`))?.trim();
    if (phy === undefined) continue;
    const driver = (await machine.readLink(`${folder}/device/driver`))?.split("/").at(-1);
    radios.push({ interfaceName, phy, driver });
  }
  return radios;
}

/** The radio that the settings name, or the first one. */
export async function chosenRadio(environment: DoctorEnvironment): Promise<RadioFacts | undefined> {
  const radios = await radiosOf(environment);
  const { interfaceName } = environment.settings;
  return interfaceName === undefined
    ? radios[0]
    : radios.find((radio) => radio.interfaceName === interfaceName);
}

/** What the kernel says that the chosen radio can do; `undefined` when it says nothing. */
export async function capabilitiesOf(
  environment: DoctorEnvironment,
): Promise<KernelCapabilities | undefined> {
  const radio = await chosenRadio(environment);
  if (radio === undefined) return undefined;
  const told = await environment.machine.run("iw", ["phy", radio.phy, "info"]);
  return told?.exitCode === 0 ? parseCapabilities(told.stdout) : undefined;
}

/** Who serves the radio: what the settings say, else NetworkManager where it is installed. */
export function backendOf({ settings, machine }: DoctorEnvironment): "networkmanager" | "wpa" {
  if (settings.wifi === "networkmanager" || settings.wifi === "wpa") return settings.wifi;
  return machine.find("NetworkManager") === undefined ? "wpa" : "networkmanager";
}
