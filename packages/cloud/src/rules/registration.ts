import { type DeviceAddress, type Secret, softApError } from "@softap/protocol";
import { deviceIdOf, isDeviceName, isProductId } from "./device-id.ts";
import { makeDeviceSecret } from "./devices.ts";
import type { ProductStore } from "./products.ts";
import { RateLimit } from "./rate-limit.ts";
import { nowS, type RulesContext } from "./rules-context.ts";

/** What became of a registration in the store. */
export type RegistrationOutcome =
  | { readonly type: "registered"; readonly deviceSecret: Secret }
  | { readonly type: "notCreated" | "activated" | "tooOften" | "limitReached" };

/** Where registrations are recorded. */
export interface RegistrationStore {
  /**
   * Counts one registration of a device, creating it where that is asked for, in one transaction. A device that
   * registered before and never connected gets the same secret again, so a lost reply costs nothing.
   *
   * @param options.newSecret - Used when the device has to be created.
   * @param options.create - How many devices registration may have created; `undefined` when it may create none.
   */
  register(options: {
    readonly device: DeviceAddress;
    readonly newSecret: Secret;
    readonly create: { readonly limit: number } | undefined;
    readonly maxRegistrations: number;
    readonly nowS: number;
  }): Promise<RegistrationOutcome>;
}

/** Gives devices their secret, once they prove that they know their product's. */
export class Registration {
  readonly #products: ProductStore;
  readonly #store: RegistrationStore;
  readonly #context: RulesContext;
  readonly #perAddress: RateLimit;

  constructor(stores: { products: ProductStore; registrations: RegistrationStore }, context: RulesContext) {
    this.#products = stores.products;
    this.#store = stores.registrations;
    this.#context = context;
    const { registrationsPerAddress: max, rateWindowMs: windowMs, maxRateKeys: maxKeys } = context.limits;
    this.#perAddress = new RateLimit(context.clock, { max, windowMs, maxKeys });
  }

  /**
   * Registers a device. What it resolves with is stored already.
   *
   * @param request.isSigned - Whether the request's signature fits a product secret.
   * @param request.address - Where the request came from, for the rate limit.
   * @throws {@link CloudError} `REGISTRATION_INVALID`, `REGISTRATION_PRODUCT_UNKNOWN`, `REGISTRATION_SIGNATURE`,
   * `REGISTRATION_DISABLED`, `REGISTRATION_NOT_CREATED`, `REGISTRATION_ACTIVATED`, `REGISTRATION_TOO_MANY`,
   * `REGISTRATION_LIMIT`, `RATE_LIMITED`
   */
  async register(request: {
    readonly device: DeviceAddress;
    readonly isSigned: (productSecret: Secret) => boolean;
    readonly address: string;
  }): Promise<{ deviceSecret: Secret; productSecret: Secret }> {
    const { device } = request;
    this.#perAddress.take(request.address);
    if (!isProductId(device.productId) || !isDeviceName(device.deviceName))
      throw softApError("REGISTRATION_INVALID", "Product id or device name is not valid");
    const product = await this.#products.find(device.productId);
    if (product === undefined)
      throw softApError("REGISTRATION_PRODUCT_UNKNOWN", `There is no product ${device.productId}`);
    // Only who knows the product secret may learn how the product is set up.
    if (!request.isSigned(product.productSecret))
      throw softApError("REGISTRATION_SIGNATURE", "The signature does not fit the product secret");
    if (product.registrationMode === "off" || product.kind !== "psk")
      throw softApError("REGISTRATION_DISABLED", `Product ${device.productId} has no dynamic registration`);
    const outcome = await this.#store.register({
      device,
      newSecret: makeDeviceSecret(this.#context),
      create: product.registrationMode === "auto-create" ? { limit: product.deviceLimit } : undefined,
      maxRegistrations: this.#context.limits.registrationsPerDevice,
      nowS: nowS(this.#context),
    });
    switch (outcome.type) {
      case "registered":
        this.#context.log.info("device registered", { deviceId: deviceIdOf(device) });
        return { deviceSecret: outcome.deviceSecret, productSecret: product.productSecret };
      case "notCreated":
        throw softApError("REGISTRATION_NOT_CREATED", `Device ${deviceIdOf(device)} was not created`);
      case "activated":
        throw softApError("REGISTRATION_ACTIVATED", `Device ${deviceIdOf(device)} is active`);
      case "tooOften":
        throw softApError("REGISTRATION_TOO_MANY", `Device ${deviceIdOf(device)} registered too often`);
      case "limitReached":
        throw softApError(
          "REGISTRATION_LIMIT",
          `Product ${device.productId} has its ${product.deviceLimit} devices`,
        );
    }
  }
}
