import { type DeviceAddress, encodeUtf8, equalBytes, softApError, v1Signature } from "@softap/protocol";
import type { Bindings } from "./bindings.ts";
import { deviceIdOf } from "./device-id.ts";
import type { DeviceStore } from "./devices.ts";
import { nowS, type RulesContext } from "./rules-context.ts";

/** What a device of the first protocol version signs to be bound without a token. */
export interface DeviceSignature {
  readonly device: DeviceAddress;
  readonly connId: string;
  /** Unix seconds, as the phone told the device. */
  readonly timestampS: number;
  readonly algorithm: "sha1" | "sha256";
  /** Lowercase hex. */
  readonly signature: string;
}

/** Binds devices that prove with their own secret that they stand beside the phone. */
export class SignedBindings {
  readonly #devices: Pick<DeviceStore, "find">;
  readonly #bindings: Bindings;
  readonly #context: RulesContext;

  constructor(parts: { devices: Pick<DeviceStore, "find">; bindings: Bindings }, context: RulesContext) {
    this.#devices = parts.devices;
    this.#bindings = parts.bindings;
    this.#context = context;
  }

  /**
   * Gives the device to one of the user's families. A signature counts for `signatureAgeS`; somebody else's device stays theirs.
   *
   * @throws {@link CloudError} `APP_SIGNATURE_INVALID`, `APP_FAMILY_UNKNOWN`, `APP_ROOM_UNKNOWN`, `DEVICE_BOUND_ELSEWHERE`
   */
  async bind(request: {
    accountId: string;
    proof: DeviceSignature;
    familyId: string;
    roomId: string;
  }): Promise<void> {
    const { proof, ...place } = request;
    const { device, timestampS } = proof;
    const ageS = Math.abs(nowS(this.#context) - timestampS);
    const isFresh = ageS <= this.#context.limits.signatureAgeS;
    // An unknown device, one without a secret, and a wrong signature look alike from outside.
    if (!isFresh || !(await this.#isSigned(proof)))
      throw softApError("APP_SIGNATURE_INVALID", "The device's signature is wrong or too old");
    await this.#bindings.claim({ ...place, device });
  }

  async #isSigned({ device, signature, ...signed }: DeviceSignature): Promise<boolean> {
    const deviceSecret = (await this.#devices.find(deviceIdOf(device)))?.deviceSecret;
    if (deviceSecret === undefined) return false;
    const right = v1Signature(this.#context.crypto, { ...device, ...signed, deviceSecret });
    return equalBytes(encodeUtf8(signature.toLowerCase()), encodeUtf8(right));
  }
}
