import type { NetworkSecurity } from "@softap/ports";
import { Secret } from "@softap/protocol";

/** The network that the device is to join, and that the phone may be brought back to; the person may correct it. */
export class HomeNetwork {
  ssid = "";
  /** As it was typed or scanned; empty for an open network. */
  typed = Secret.of("");
  /** As a code told it, until another name is typed. */
  security: NetworkSecurity | undefined;

  /** `undefined` for an open network. */
  get passphrase(): Secret | undefined {
    return this.typed.equals(Secret.of("")) ? undefined : this.typed;
  }
}
