import { type ErrorCode, type SoftApError, softApError } from "@softap/protocol";
import { linuxLimits } from "../limits.ts";
import type { ControlEvent } from "./control-events.ts";

/** IEEE 802.11 status code 15: the other side's SAE confirmation did not fit the passphrase. */
const challengeFailedStatus = 15;

/** What is known of an attempt: told event by event, it says when the router's answer is final. */
export class JoinEvidence {
  readonly #rssiDbm: number;
  readonly #hasPassphrase: boolean;
  #refusals = 0;
  #misses = 0;
  #isConnected = false;
  #last: ControlEvent | undefined;

  constructor(options: { rssiDbm: number; hasPassphrase: boolean }) {
    this.#rssiDbm = options.rssiDbm;
    this.#hasPassphrase = options.hasPassphrase;
  }

  /** Whether the station is associated and has only its address to wait for. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Takes an event in; answers with the error when the attempt is over. */
  take(event: ControlEvent): SoftApError | undefined {
    const code = this.#verdict(event);
    if (event.type !== "scanned") this.#last = event;
    return code === undefined ? undefined : this.#error(code);
  }

  /** The error when the time is up. */
  timeIsUp(): SoftApError {
    if (this.#isConnected) return this.#error("WIFI_NO_ADDRESS");
    if (this.#refusals > 0) return this.#error("WIFI_REFUSED");
    return this.#error(this.#rssiDbm <= linuxLimits.weakRssiDbm ? "WIFI_TOO_WEAK" : "WIFI_JOIN_TIMEOUT");
  }

  #verdict(event: ControlEvent): ErrorCode | undefined {
    switch (event.type) {
      case "connected":
        this.#isConnected = true;
        return undefined;
      case "disconnected":
        this.#isConnected = false;
        return undefined;
      case "handshakeFailed":
        return this.#hasPassphrase ? "WIFI_AUTH_FAILED" : undefined;
      case "disabled":
        return event.reason === "WRONG_KEY" || event.reason === "AUTH_FAILED"
          ? "WIFI_AUTH_FAILED"
          : this.#refused();
      case "authenticationRefused":
        return event.isSaeConfirm || event.status === challengeFailedStatus
          ? "WIFI_AUTH_FAILED"
          : this.#refused();
      case "associationRefused":
        return this.#refused();
      case "notFound":
        this.#misses += 1;
        return this.#misses >= linuxLimits.findScans ? "WIFI_NOT_FOUND" : undefined;
      case "terminating":
        return "WIFI_SUPPLICANT_GONE";
      case "scanned":
      case "scanFailed":
        return undefined;
    }
  }

  #refused(): ErrorCode | undefined {
    this.#refusals += 1;
    return this.#refusals >= linuxLimits.refusals ? "WIFI_REFUSED" : undefined;
  }

  #error(code: ErrorCode): SoftApError {
    const last = this.#last;
    return softApError(code, "The network could not be joined", {
      ...(last === undefined ? {} : { cause: new SupplicantReason(last) }),
      context: { refusals: this.#refusals, rssiDbm: this.#rssiDbm },
    });
  }
}

/** What wpa_supplicant told last, as the cause of an error of ours. */
class SupplicantReason extends Error {
  override readonly name = "SupplicantReason";
  readonly event: ControlEvent;

  constructor(event: ControlEvent) {
    const number = "status" in event ? ` ${event.status}` : "reason" in event ? ` ${event.reason}` : "";
    super(`wpa_supplicant: ${event.type}${number}`);
    this.event = event;
  }
}
