import { randomText } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { nowS, type RulesContext } from "./rules-context.ts";

/** The room that every family has. */
export const defaultRoomId = "0";

/** A group of rooms and devices. */
export interface Family {
  readonly familyId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly address: string;
  readonly createdAtS: number;
  readonly updatedAtS: number;
}

/** A part of a family. */
export interface Room {
  readonly roomId: string;
  readonly familyId: string;
  readonly name: string;
  readonly deviceCount: number;
  readonly createdAtS: number;
  readonly updatedAtS: number;
}

/** Where families are kept. */
export interface FamilyStore {
  /** @returns Whether the owner had fewer than `max`. */
  insertFamily(family: Family, max: number): Promise<boolean>;
  findFamily(familyId: string): Promise<Family | undefined>;
  listFamilies(
    ownerId: string,
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Family[]; total: number }>;
  /** @returns Whether the family had fewer than `max`. */
  insertRoom(room: Omit<Room, "deviceCount">, max: number): Promise<boolean>;
  hasRoom(familyId: string, roomId: string): Promise<boolean>;
  listRooms(
    familyId: string,
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Room[]; total: number }>;
}

/** Families and their rooms; a user sees none but the own. */
export class Families {
  readonly #store: FamilyStore;
  readonly #context: RulesContext;

  constructor(store: FamilyStore, context: RulesContext) {
    this.#store = store;
    this.#context = context;
  }

  /** @throws {@link CloudError} `RATE_LIMITED` when the user has too many */
  async create(options: { accountId: string; name: string; address: string }): Promise<Family> {
    const createdAtS = nowS(this.#context);
    const family: Family = {
      familyId: `f_${randomText(this.#context.random, 20)}`,
      ownerId: options.accountId,
      name: options.name,
      address: options.address,
      createdAtS,
      updatedAtS: createdAtS,
    };
    const max = this.#context.limits.familiesPerUser;
    if (!(await this.#store.insertFamily(family, max)))
      throw softApError("RATE_LIMITED", `A user can have ${max} families`);
    return family;
  }

  /** The user's families, oldest first. */
  list(
    accountId: string,
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Family[]; total: number }> {
    return this.#store.listFamilies(accountId, page);
  }

  /** @throws {@link CloudError} `APP_FAMILY_UNKNOWN`; `RATE_LIMITED` when the family has too many */
  async createRoom(options: { accountId: string; familyId: string; name: string }): Promise<Room> {
    await this.requireFamily(options.accountId, options.familyId);
    const createdAtS = nowS(this.#context);
    const room: Room = {
      roomId: `r_${randomText(this.#context.random, 20)}`,
      familyId: options.familyId,
      name: options.name,
      deviceCount: 0,
      createdAtS,
      updatedAtS: createdAtS,
    };
    const max = this.#context.limits.roomsPerFamily;
    if (!(await this.#store.insertRoom(room, max)))
      throw softApError("RATE_LIMITED", `A family can have ${max} rooms`);
    return room;
  }

  /** Rooms of one of the user's families, without the default room. @throws {@link CloudError} `APP_FAMILY_UNKNOWN` */
  async listRooms(
    options: { accountId: string; familyId: string },
    page: { offset: number; limit: number },
  ): Promise<{ items: readonly Room[]; total: number }> {
    await this.requireFamily(options.accountId, options.familyId);
    return this.#store.listRooms(options.familyId, page);
  }

  /** @throws {@link CloudError} `APP_FAMILY_UNKNOWN` when there is none, or it is somebody else's */
  async requireFamily(accountId: string, familyId: string): Promise<void> {
    const family = await this.#store.findFamily(familyId);
    if (family?.ownerId !== accountId)
      throw softApError("APP_FAMILY_UNKNOWN", "There is no such family, or it is not yours");
  }

  /** @throws {@link CloudError} `APP_FAMILY_UNKNOWN`, `APP_ROOM_UNKNOWN` */
  async requireRoom(place: { accountId: string; familyId: string; roomId: string }): Promise<void> {
    await this.requireFamily(place.accountId, place.familyId);
    if (place.roomId === defaultRoomId) return;
    if (!(await this.#store.hasRoom(place.familyId, place.roomId)))
      throw softApError("APP_ROOM_UNKNOWN", "There is no such room in the family");
  }
}
