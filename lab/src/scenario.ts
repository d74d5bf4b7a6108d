import type { Radio } from "@softap/ports";
import type { Phone } from "./phone.ts";
import type { Router } from "./router.ts";

/** What can manage the device's radio. */
export const backends = ["networkmanager", "wpa"] as const;

/** What manages the device's radio. */
export type Backend = (typeof backends)[number];

/** Whether a text names a back-end. */
export function isBackend(text: string): text is Backend {
  return text === "networkmanager" || text === "wpa";
}

/** How the radio of a scenario is opened. */
export interface OpenOptions {
  /** @defaultValue false */
  readonly oneRoleAtATime?: boolean;
}

/** Everything that a scenario may touch. */
export interface Lab {
  readonly backend: Backend;
  readonly router: Router;
  /** A second one, on a radio of its own. */
  readonly neighbour: Router;
  readonly phone: Phone;
  /** Opens the device's radio; it is closed after the scenario. */
  openRadio(options?: OpenOptions): Promise<Radio>;
  /** Ends the device's Wi-Fi service with SIGKILL and starts it again, as after a power cut. */
  restartService(): Promise<void>;
  /** A figure worth printing at the end, ms. */
  figure(name: string, valueMs: number): void;
}

/** One story; it throws when it ends otherwise than told. */
export interface Scenario {
  /** A sentence. */
  readonly name: string;
  /** @defaultValue both */
  readonly backends?: readonly Backend[];
  run(lab: Lab): Promise<void>;
}
