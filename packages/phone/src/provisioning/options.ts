import type { CancelSignal, Clock, DatagramSockets, Log, PhoneWifi, Random } from "@softap/ports";
import type { ErrorCode, Secret, SoftApError } from "@softap/protocol";
import type { BindRequest, BindTokenState } from "../app/account.ts";
import type { PhoneLimits } from "../limits.ts";
import type { SendProfile } from "../schedule.ts";

/** What provisioning asks of the cloud when the family is known. */
export interface TokenCloud {
  createBindToken(options: { readonly signal: CancelSignal }): Promise<Secret>;
  getBindTokenState(token: Secret, options: { readonly signal: CancelSignal }): Promise<BindTokenState>;
  bindDeviceToFamily(request: BindRequest, options: { readonly signal: CancelSignal }): Promise<void>;
}

/** What provisioning asks of the cloud; an `AppClient` is one. */
export interface BindCloud extends TokenCloud {
  families(options: { readonly signal: CancelSignal }): Promise<readonly { readonly familyId: string }[]>;
  createFamily(
    family: { readonly name: string },
    options: { readonly signal: CancelSignal },
  ): Promise<string>;
}

/** The network that the device is to join. */
export interface TargetNetwork {
  /** 1–32 bytes, valid UTF-8. */
  readonly ssid: string | Uint8Array;
  /** 8–63 bytes or 64 hex digits; left out for an open network. */
  readonly passphrase?: Secret | undefined;
  /** The router's MAC address; sent along when there is room. */
  readonly bssid?: string | undefined;
}

/** Why an attempt ended, as the device told it. */
export interface Failure {
  readonly code: ErrorCode;
  readonly error: SoftApError;
  /** Whether trying again can help: `input` means with another passphrase. */
  readonly retry: "yes" | "no" | "input";
  /** From 1. */
  readonly attempt: number;
}

/** What to try next; what is left out stays as it was. */
export interface RetryInput {
  readonly ssid?: string | Uint8Array;
  readonly passphrase?: Secret;
}

/** The world that provisioning runs in. */
export interface PhonePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly datagrams: DatagramSockets;
  /**
   * Joins the soft AP and goes back; without it the person or the system does. It serves one provisioning at a time: while
   * that runs, a second one with the same object and a soft AP to join fails with `PROVISIONING_ACTIVE`.
   */
  readonly wifi?: PhoneWifi;
  readonly log?: Log;
}

/** What to provision, with what, and as whose device, where nobody is asked anything. */
export interface ProvisionOnceOptions {
  /** The account's calls. */
  readonly cloud: TokenCloud;
  /** The network that the device is to join. */
  readonly network: TargetNetwork;
  /** The device's own network; the phone joins it when `ports.wifi` exists. */
  readonly softAp?:
    | { readonly ssid: string | Uint8Array; readonly passphrase?: Secret | undefined }
    | undefined;
  /** Where the device listens. @defaultValue 192.168.4.1, 8266 */
  readonly device?: { readonly address?: string | undefined; readonly port?: number | undefined };
  /** The family that is to own the device. */
  readonly familyId: string;
  /** @defaultValue "0", the default room */
  readonly roomId?: string;
  /** A bind token made earlier. @defaultValue a new one */
  readonly token?: Secret | undefined;
  /** Cloud region of the token, such as `ap-guangzhou`; up to 64 bytes. Old devices refuse a token of another region. */
  readonly region?: string;
  /** @defaultValue "default" */
  readonly profile?: SendProfile;
  readonly ports: PhonePorts;
  readonly limits?: Partial<PhoneLimits>;
  /** Gives up, like `Provisioning.cancel`. */
  readonly signal?: CancelSignal | undefined;
}

/** What to provision, with what, and as whose device. */
export interface ProvisionOptions extends Omit<ProvisionOnceOptions, "cloud" | "familyId"> {
  /** The account's calls. */
  readonly cloud: BindCloud;
  /** @defaultValue the account's first family; one is created when there is none */
  readonly familyId?: string;
  /** Name of the family that is created when there is none. @defaultValue "Home" */
  readonly familyName?: string;
  /**
   * Asked when the device failed for a reason that may pass or that other input may cure, while it can still be reached.
   * What it returns is tried in the same session with the same token; `undefined` ends with the failure.
   */
  readonly retry?: (failure: Failure) => Promise<RetryInput | undefined>;
}
