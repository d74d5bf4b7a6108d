import { randomText } from "@softap/ports";
import { type DeviceAddress, softApError } from "@softap/protocol";
import type { BindingStore } from "./bindings.ts";
import { deviceIdOf } from "./device-id.ts";
import { nowMs, type RulesContext } from "./rules-context.ts";

/** Values by the name of their property; any JSON. */
export type PropertyValues = Readonly<Record<string, unknown>>;

/** Longest name of a property, characters. */
const maxNameLength = 64;

/** What is known of one property of a device. */
export interface Property {
  readonly name: string;
  /** What the device said last. */
  readonly reported: { readonly value: unknown; readonly atMs: number } | undefined;
  /** What an app asked for and the device has not taken yet. */
  readonly wanted: { readonly value: unknown } | undefined;
}

/** Where properties are kept. They go with the binding: the next owner sees nothing of the last. */
export interface PropertyStore {
  /** Records values; what was wanted of the same names is done with. @returns Whether the device has at most `max` properties. */
  report(deviceId: string, change: { values: PropertyValues; atMs: number; max: number }): Promise<boolean>;
  /** Records wishes under a token. @returns Whether the device has at most `max` properties. */
  want(
    deviceId: string,
    change: { values: PropertyValues; clientToken: string; max: number },
  ): Promise<boolean>;
  /** Forgets wishes: those of one token, or all. */
  forgetWanted(deviceId: string, clientToken: string | undefined): Promise<void>;
  list(deviceId: string): Promise<readonly Property[]>;
}

/** Hears of values: tells the device what is wanted of it, and apps what it said. */
export interface PropertyListener {
  reported(device: DeviceAddress, values: PropertyValues, clientToken: string): void;
  wanted(device: DeviceAddress, values: PropertyValues, clientToken: string): void;
}

/** What devices say of themselves and what apps want of them. */
export class Properties {
  readonly #store: PropertyStore;
  readonly #bindings: Pick<BindingStore, "find">;
  readonly #listener: PropertyListener;
  readonly #context: RulesContext;

  constructor(
    parts: { store: PropertyStore; bindings: Pick<BindingStore, "find">; listener: PropertyListener },
    context: RulesContext,
  ) {
    this.#store = parts.store;
    this.#bindings = parts.bindings;
    this.#listener = parts.listener;
    this.#context = context;
  }

  /** A device reports. @throws {@link CloudError} `APP_PARAMETER_INVALID`; `RATE_LIMITED` when it has too many properties */
  async report(
    device: DeviceAddress,
    message: { values: PropertyValues; clientToken: string },
  ): Promise<void> {
    const { values, clientToken } = message;
    checkNames(values);
    const max = this.#context.limits.propertiesPerDevice;
    const atMs = nowMs(this.#context);
    if (!(await this.#store.report(deviceIdOf(device), { values, atMs, max }))) throw tooMany(max);
    this.#listener.reported(device, values, clientToken);
  }

  /**
   * A user wants values of one of the user's devices. A device that is away finds them when it asks.
   *
   * @throws {@link CloudError} `APP_DEVICE_UNKNOWN`, `APP_PARAMETER_INVALID`; `RATE_LIMITED` when the device has too many properties
   */
  async want(request: { accountId: string; device: DeviceAddress; values: PropertyValues }): Promise<void> {
    const { device, values } = request;
    checkNames(values);
    const deviceId = await this.#requireOwn(request);
    const clientToken = `control-${randomText(this.#context.random, 12)}`;
    const max = this.#context.limits.propertiesPerDevice;
    if (!(await this.#store.want(deviceId, { values, clientToken, max }))) throw tooMany(max);
    this.#listener.wanted(device, values, clientToken);
  }

  /** A device took what was wanted under a token, or all that is wanted of it. */
  taken(device: DeviceAddress, clientToken?: string): Promise<void> {
    return this.#store.forgetWanted(deviceIdOf(device), clientToken);
  }

  /** What is known, for the device itself. */
  list(device: DeviceAddress): Promise<readonly Property[]> {
    return this.#store.list(deviceIdOf(device));
  }

  /** What is known of one of the user's devices. @throws {@link CloudError} `APP_DEVICE_UNKNOWN` */
  async listOwn(request: { accountId: string; device: DeviceAddress }): Promise<readonly Property[]> {
    return this.#store.list(await this.#requireOwn(request));
  }

  async #requireOwn(request: { accountId: string; device: DeviceAddress }): Promise<string> {
    const deviceId = deviceIdOf(request.device);
    const binding = await this.#bindings.find(deviceId);
    if (binding?.accountId !== request.accountId)
      throw softApError("APP_DEVICE_UNKNOWN", "The device is not yours");
    return deviceId;
  }
}

function checkNames(values: PropertyValues): void {
  for (const name of Object.keys(values))
    if (name === "" || name.length > maxNameLength)
      throw softApError("APP_PARAMETER_INVALID", `A property's name has 1 to ${maxNameLength} characters`);
}

function tooMany(max: number): Error {
  return softApError("RATE_LIMITED", `A device can have ${max} properties`);
}
