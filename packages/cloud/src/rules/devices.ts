import { type DeviceAddress, formatBase64, Secret, softApError } from "@softap/protocol";
import { deviceIdOf } from "./device-id.ts";
import type { ProductStore } from "./products.ts";
import { nowS, type RulesContext } from "./rules-context.ts";

/** One device. */
export interface Device extends DeviceAddress {
  /** Base64 of 16 bytes; absent for devices with a certificate. */
  readonly deviceSecret: Secret | undefined;
  /** SHA-256 of the client certificate, lowercase hex. */
  readonly certificateFingerprint: string | undefined;
  readonly origin: "admin" | "registration";
  readonly registrations: number;
  readonly registeredAtS: number | undefined;
  /** When it first connected; from then on it cannot register again. */
  readonly activatedAtS: number | undefined;
  readonly createdAtS: number;
}

/** Where devices are kept. */
export interface DeviceStore {
  /** @returns Whether the name was free. */
  insert(device: Device): Promise<boolean>;
  find(deviceId: string): Promise<Device | undefined>;
  list(
    productId: string,
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Device[]; total: number }>;
  /** Forgets activation and registrations, and sets a new secret. */
  reset(deviceId: string, deviceSecret: Secret | undefined): Promise<boolean>;
  delete(deviceId: string): Promise<boolean>;
}

/** A fresh device secret: 128 random bits in base64. */
export function makeDeviceSecret(context: RulesContext): Secret {
  return Secret.of(formatBase64(context.random.bytes(16)));
}

/** Creates, resets and deletes devices by hand. */
export class Devices {
  readonly #devices: DeviceStore;
  readonly #products: ProductStore;
  readonly #context: RulesContext;

  constructor(stores: { devices: DeviceStore; products: ProductStore }, context: RulesContext) {
    this.#devices = stores.devices;
    this.#products = stores.products;
    this.#context = context;
  }

  /**
   * Makes a device before it ever registers or connects.
   *
   * @param options.certificateFingerprint - For products with certificates: pins one certificate; otherwise its common name decides.
   * @throws {@link CloudError} `NOT_FOUND` without the product, `ALREADY_EXISTS`
   */
  async create(options: DeviceAddress & { certificateFingerprint?: string }): Promise<Device> {
    const { productId, deviceName, certificateFingerprint } = options;
    const product = await this.#products.find(productId);
    if (product === undefined) throw softApError("NOT_FOUND", `There is no product ${productId}`);
    const device: Device = {
      productId,
      deviceName,
      deviceSecret: product.kind === "psk" ? makeDeviceSecret(this.#context) : undefined,
      certificateFingerprint: product.kind === "certificate" ? certificateFingerprint : undefined,
      origin: "admin",
      registrations: 0,
      registeredAtS: undefined,
      activatedAtS: undefined,
      createdAtS: nowS(this.#context),
    };
    if (!(await this.#devices.insert(device)))
      throw softApError("ALREADY_EXISTS", `There is a device ${deviceIdOf(device)} already`);
    return device;
  }

  /** @throws {@link CloudError} `NOT_FOUND` */
  async get(address: DeviceAddress): Promise<Device> {
    const device = await this.#devices.find(deviceIdOf(address));
    if (device === undefined) throw notFound(address);
    return device;
  }

  /** Devices of a product by name. */
  list(
    productId: string,
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Device[]; total: number }> {
    return this.#devices.list(productId, page);
  }

  /** Lets a device register again: it gets a new secret, the old one is worthless from now on. @throws {@link CloudError} `NOT_FOUND` */
  async reset(address: DeviceAddress): Promise<Device> {
    const device = await this.get(address);
    const secret = device.deviceSecret === undefined ? undefined : makeDeviceSecret(this.#context);
    if (!(await this.#devices.reset(deviceIdOf(address), secret))) throw notFound(address);
    return this.get(address);
  }

  /** Deletes a device with its binding. @throws {@link CloudError} `NOT_FOUND` */
  async delete(address: DeviceAddress): Promise<void> {
    if (!(await this.#devices.delete(deviceIdOf(address)))) throw notFound(address);
  }
}

function notFound(address: DeviceAddress): Error {
  return softApError("NOT_FOUND", `There is no device ${deviceIdOf(address)}`);
}
