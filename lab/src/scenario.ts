import type { Cloud } from "./cloud.ts";
import type { Device } from "./device.ts";
import type { Phone } from "./phone.ts";
import type { Router } from "./router.ts";
import type { WifiService } from "./service.ts";

/** What manages the device's radio. */
export type Backend = "networkmanager" | "wpa";

/** The back-end that a text names. */
export function backendOf(text: string | undefined): Backend {
  if (text === "networkmanager" || text === "wpa") return text;
  throw new Error(`no back-end: ${text}`);
}

/** Everything that a scenario may touch. */
export interface Lab {
  readonly backend: Backend;
  readonly router: Router;
  /** A second one, on a radio of its own. */
  readonly neighbour: Router;
  readonly phone: Phone;
  readonly cloud: Cloud;
  /** A device that has never run. */
  readonly device: Device;
  readonly service: WifiService;
  /** Where the logs go. */
  readonly logs: string;
  /** A figure worth printing at the end. */
  figure(text: string): void;
}

/** One story; it throws when it ends otherwise than told. */
export interface Scenario {
  /** A sentence. */
  readonly name: string;
  /** The back-end that it is about. @defaultValue both */
  readonly only?: Backend;
  /** Nobody sends junk to the device meanwhile. @defaultValue false */
  readonly isQuiet?: boolean;
  run(lab: Lab): Promise<void>;
}
