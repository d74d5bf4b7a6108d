import { type DeviceAddress, type Secret, softApError } from "@softap/protocol";
import type { BindTokens } from "./bind-tokens.ts";
import { deviceIdOf } from "./device-id.ts";
import type { Families } from "./families.ts";
import { hashToken, nowS, type RulesContext } from "./rules-context.ts";

/** Which family a device belongs to. */
export interface Binding {
  readonly deviceId: string;
  readonly accountId: string;
  readonly familyId: string;
  /** `0` is the default room. */
  readonly roomId: string;
  /** The name that its owner gave it; empty when none. */
  readonly alias: string;
  readonly createdAtS: number;
  readonly updatedAtS: number;
}

/** Where bindings are kept. */
export interface BindingStore {
  /**
   * Uses a token for a family and makes or moves the binding, in one transaction.
   *
   * @returns `bound`; `unchanged` when it was so already; `tokenGone` when the token is not this device's any more;
   * `tokenUsed` when it was used for another family; `boundElsewhere` when somebody else owns the device
   */
  bind(
    binding: Omit<Binding, "alias" | "createdAtS" | "updatedAtS"> & { tokenHash: string; nowS: number },
  ): Promise<"bound" | "unchanged" | "tokenGone" | "tokenUsed" | "boundElsewhere">;
  /**
   * Makes or moves the binding of a device that proved itself without a token.
   *
   * @returns `bound`; `unchanged` when it was so already; `boundElsewhere` when somebody else owns the device
   */
  claim(
    binding: Omit<Binding, "alias" | "createdAtS" | "updatedAtS"> & { nowS: number },
  ): Promise<"bound" | "unchanged" | "boundElsewhere">;
  find(deviceId: string): Promise<Binding | undefined>;
  /** @param filter.roomId - `0` for the default room, `undefined` for all. */
  list(
    filter: { familyId: string; roomId: string | undefined },
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Binding[]; total: number }>;
  /** Which of the devices belong to a user. */
  ownedBy(accountId: string, deviceIds: readonly string[]): Promise<readonly string[]>;
  /** Removes a binding and every token of the device, in one transaction. @returns Whether it was bound. */
  unbind(deviceId: string, familyId: string | undefined): Promise<boolean>;
  rename(deviceId: string, change: { alias: string; updatedAtS: number }): Promise<void>;
}

/** Hears what became of devices: pushes it to the device and to apps. */
export interface BindingListener {
  bound(device: DeviceAddress): void;
  unbound(device: DeviceAddress, accountId: string): void;
}

/** Ties devices to families and unties them. */
export class Bindings {
  readonly #store: BindingStore;
  readonly #tokens: BindTokens;
  readonly #families: Families;
  readonly #listener: BindingListener;
  readonly #context: RulesContext;

  constructor(
    parts: { store: BindingStore; tokens: BindTokens; families: Families; listener: BindingListener },
    context: RulesContext,
  ) {
    this.#store = parts.store;
    this.#tokens = parts.tokens;
    this.#families = parts.families;
    this.#listener = parts.listener;
    this.#context = context;
  }

  /**
   * Gives a device that reported a user's token to one of the user's families. Repeating it changes nothing.
   *
   * @throws {@link CloudError} `BIND_TOKEN_UNKNOWN`, `BIND_TOKEN_EXPIRED`, `BIND_TOKEN_NOT_REPORTED`, `BIND_TOKEN_USED`,
   * `APP_DEVICE_UNKNOWN` when another device reported it, `APP_FAMILY_UNKNOWN`, `APP_ROOM_UNKNOWN`, `DEVICE_BOUND_ELSEWHERE`
   */
  async bind(request: {
    accountId: string;
    token: Secret;
    device: DeviceAddress;
    familyId: string;
    roomId: string;
  }): Promise<void> {
    const { accountId, token, device, familyId, roomId } = request;
    const deviceId = deviceIdOf(device);
    const found = await this.#tokens.find(accountId, token);
    if (found.deviceId === undefined)
      throw softApError("BIND_TOKEN_NOT_REPORTED", "No device has reported the bind token yet");
    if (found.deviceId !== deviceId)
      throw softApError("APP_DEVICE_UNKNOWN", "Another device reported the bind token");
    await this.#families.requireRoom({ accountId, familyId, roomId });
    const outcome = await this.#store.bind({
      deviceId,
      accountId,
      familyId,
      roomId,
      tokenHash: hashToken(this.#context, token.reveal()),
      nowS: nowS(this.#context),
    });
    switch (outcome) {
      case "bound":
      case "unchanged":
      case "boundElsewhere":
        this.#bound(outcome, request);
        return;
      case "tokenGone":
        throw softApError("BIND_TOKEN_UNKNOWN", "There is no such bind token");
      case "tokenUsed":
        throw softApError("BIND_TOKEN_USED", "The bind token was used for another family");
    }
  }

  /**
   * Gives a device that proved itself in another way to one of the user's families. Repeating it changes nothing.
   *
   * @throws {@link CloudError} `APP_FAMILY_UNKNOWN`, `APP_ROOM_UNKNOWN`, `DEVICE_BOUND_ELSEWHERE`
   */
  async claim(request: {
    accountId: string;
    device: DeviceAddress;
    familyId: string;
    roomId: string;
  }): Promise<void> {
    const { device, ...place } = request;
    await this.#families.requireRoom(place);
    const binding = { ...place, deviceId: deviceIdOf(device), nowS: nowS(this.#context) };
    this.#bound(await this.#store.claim(binding), request);
  }

  /** Takes a device out of one of the user's families. @throws {@link CloudError} `APP_FAMILY_UNKNOWN`, `APP_DEVICE_UNKNOWN` */
  async unbind(request: { accountId: string; device: DeviceAddress; familyId: string }): Promise<void> {
    await this.#families.requireFamily(request.accountId, request.familyId);
    if (!(await this.#store.unbind(deviceIdOf(request.device), request.familyId)))
      throw softApError("APP_DEVICE_UNKNOWN", "The device is not in the family");
    this.#unbound(request.device, request.accountId);
  }

  /** The device itself asks to be untied. @returns Whether it was tied. */
  async unbindByDevice(device: DeviceAddress): Promise<boolean> {
    const binding = await this.#store.find(deviceIdOf(device));
    if (binding === undefined || !(await this.#store.unbind(binding.deviceId, undefined))) return false;
    this.#unbound(device, binding.accountId);
    return true;
  }

  /** Where a device belongs, if anywhere. */
  find(device: DeviceAddress): Promise<Binding | undefined> {
    return this.#store.find(deviceIdOf(device));
  }

  /** Devices of one of the user's families. @throws {@link CloudError} `APP_FAMILY_UNKNOWN` */
  async list(
    filter: { accountId: string; familyId: string; roomId: string | undefined },
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Binding[]; total: number }> {
    await this.#families.requireFamily(filter.accountId, filter.familyId);
    return this.#store.list(filter, page);
  }

  /** Names a device of the user's. @throws {@link CloudError} `APP_DEVICE_UNKNOWN` */
  async rename(request: { accountId: string; device: DeviceAddress; alias: string }): Promise<void> {
    const binding = await this.#store.find(deviceIdOf(request.device));
    if (binding?.accountId !== request.accountId)
      throw softApError("APP_DEVICE_UNKNOWN", "The device is not yours");
    await this.#store.rename(binding.deviceId, { alias: request.alias, updatedAtS: nowS(this.#context) });
  }

  /** Those of the devices that the user may see. */
  visibleTo(accountId: string, deviceIds: readonly string[]): Promise<readonly string[]> {
    return deviceIds.length === 0 ? Promise.resolve([]) : this.#store.ownedBy(accountId, deviceIds);
  }

  #bound(
    outcome: "bound" | "unchanged" | "boundElsewhere",
    request: { device: DeviceAddress; familyId: string; accountId: string },
  ): void {
    const { device, familyId, accountId } = request;
    if (outcome === "boundElsewhere")
      throw softApError("DEVICE_BOUND_ELSEWHERE", "The device belongs to somebody else");
    if (outcome === "bound")
      this.#context.log.info("device bound", { deviceId: deviceIdOf(device), familyId, accountId });
    // Also when nothing changed: the device may have missed the first push.
    this.#listener.bound(device);
  }

  #unbound(device: DeviceAddress, accountId: string): void {
    this.#context.log.info("device unbound", { deviceId: deviceIdOf(device), accountId });
    this.#listener.unbound(device, accountId);
  }
}
