import type { Secret } from "@softap/protocol";

/** The soft AP of the device that is to be added. */
export interface SoftApChoice {
  readonly ssid: string;
  readonly passphrase: Secret | undefined;
}
