import type { Cloud } from "./cloud.ts";
import type { Device } from "./device.ts";
import type { Phone } from "./phone.ts";
import type { Router } from "./router.ts";
import type { WifiService } from "./service.ts";

/** What manages the device's radio. */
export type Backend = "networkmanager" | "wpa";

/** Whether a text names a back-end. */
export function isBackend(text: string): text is Backend {
  return text === "networkmanager" || text === "wpa";
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
  /** A figure worth printing at the end. */
  figure(text: string): void;
}

/** One story; it throws when it ends otherwise than told. */
export interface Scenario {
  /** A sentence. */
  readonly name: string;
  run(lab: Lab): Promise<void>;
}
