import { type CancelSignal, type Clock, neverCanceled, type PhoneWifi, withTimeout } from "@softap/ports";
import { decodeUtf8, type Secret } from "@softap/protocol";
import { type PhoneLimits, phoneLimits } from "../limits.ts";
import { type Claim, claimWithin } from "../provisioning/claim.ts";
import { claimInFamily } from "../provisioning/family.ts";
import type { BindCloud, ProvisionOptions } from "../provisioning/options.ts";
import { personLimits } from "./limits.ts";
import type { SoftApNameRule } from "./soft-ap-name.ts";

/** What to prepare for. */
export interface PrepareOptions {
  readonly cloud: BindCloud;
  /** The device's own network, when a label or the person told it. */
  readonly softAp?: NonNullable<ProvisionOptions["softAp"]>;
  /** How the product names its soft APs. */
  readonly softApNames?: SoftApNameRule;
  /** Cloud region of the product, up to 64 bytes. */
  readonly region?: string;
  /** @defaultValue the account's first family; one is created when there is none */
  readonly familyId?: string;
  /** Name of the family that is created when there is none. @defaultValue "Home" */
  readonly familyName?: string;
  /** A token from an earlier try, so that the same one goes on. @defaultValue a new one */
  readonly token?: Secret;
  readonly ports: { readonly clock: Clock; readonly wifi?: PhoneWifi };
  readonly limits?: Partial<Pick<PhoneLimits, "prepareTimeoutMs">>;
  readonly signal?: CancelSignal;
}

/** What will happen to the phone's network. A sentence for it: `planText()` of `@softap/phone/texts`. */
export interface NetworkPlan {
  /**
   * `app`: the app joins the soft AP and goes back, the system may ask for consent. `person`: the person does both in the
   * system's settings.
   */
  readonly switchedBy: "app" | "person";
  /** Name of the soft AP, if it is known. */
  readonly softApName: string | undefined;
  /** What the name begins with, if only that is known. */
  readonly softApPrefix: string | undefined;
  /** The network that the phone is on and comes back to, if the phone may tell. */
  readonly homeName: string | undefined;
}

/** What the phone has in hand when it goes offline. */
export interface Prepared {
  /** For `provision({ ...prepared.options, network, ports })`. */
  readonly options: Pick<ProvisionOptions, "cloud" | "softAp" | "region"> & {
    readonly token: Secret;
    readonly familyId: string;
  };
  /** To fill in as the network's name, so that the person need not type it. */
  readonly homeSsid: Uint8Array | undefined;
  readonly plan: NetworkPlan;
}

/**
 * Gets everything that the phone will need after it has left its network, and tells what is about to happen.
 *
 * @throws {@link SoftApError} why the cloud gave no token or family; {@link TimeoutError} `TIMEOUT` after `limits.prepareTimeoutMs`
 * @throws {@link CanceledError} when `options.signal` fires; a token that was made runs out by itself
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { cloud, softAp, softApNames, region, ports, signal = neverCanceled } = options;
  const { prepareTimeoutMs: limitMs } = { ...phoneLimits, ...options.limits };
  const asked = currentSsidOf(ports, signal);
  let claim: Claim;
  try {
    claim = await claimWithin(ports.clock, { limitMs, signal }, (limited) => claimInFamily(options, limited));
  } finally {
    // Nothing goes on behind the caller's back; it never rejects.
    await asked;
  }
  const currentSsid = await asked;
  const softApName = typeof softAp?.ssid === "string" ? softAp.ssid : softAp && decodeUtf8(softAp.ssid);
  const isSoftAp = (ssid: Uint8Array): boolean =>
    softApNames?.deviceNameOf(ssid) !== undefined || decodeUtf8(ssid) === softApName;
  // A phone that is on the soft AP already must not be told to give the device its own network.
  const homeSsid = currentSsid === undefined || isSoftAp(currentSsid) ? undefined : currentSsid;
  return {
    options: {
      cloud,
      ...claim,
      ...(region === undefined ? {} : { region }),
      ...(softAp === undefined ? {} : { softAp }),
    },
    homeSsid,
    plan: {
      switchedBy: ports.wifi !== undefined && softAp !== undefined ? "app" : "person",
      softApName,
      softApPrefix: softApNames?.prefix,
      homeName: homeSsid && decodeUtf8(homeSsid),
    },
  };
}

/** It only saves typing: what stands in the way, such as a permission that was refused, is not worth a failure. */
async function currentSsidOf(
  { clock, wifi }: PrepareOptions["ports"],
  signal: CancelSignal,
): Promise<Uint8Array | undefined> {
  if (wifi === undefined) return undefined;
  const limit = { phase: "Asking for the phone's network", limitMs: personLimits.homeSsidTimeoutMs, signal };
  try {
    return await withTimeout(clock, limit, (limited) => wifi.currentSsid({ signal: limited }));
  } catch {
    return undefined;
  }
}
