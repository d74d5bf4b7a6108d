import type { Kysely } from "kysely";
import type { Family, FamilyStore, Room } from "../rules/families.ts";
import { countOf, type Page, type PageOf } from "./page.ts";
import type { FamilyTable, Schema } from "./schema.ts";

/** Families and rooms in SQL. */
export class SqlFamilyStore implements FamilyStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  insertFamily(family: Family, max: number): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const count = await transaction
        .selectFrom("family")
        .select((of) => of.fn.countAll().as("count"))
        .where("owner_id", "=", family.ownerId)
        .executeTakeFirst();
      if (countOf(count) >= max) return false;
      await transaction
        .insertInto("family")
        .values({
          id: family.familyId,
          owner_id: family.ownerId,
          name: family.name,
          address: family.address,
          created_at_s: family.createdAtS,
          updated_at_s: family.updatedAtS,
        })
        .execute();
      return true;
    });
  }

  async findFamily(familyId: string): Promise<Family | undefined> {
    const row = await this.#db.selectFrom("family").selectAll().where("id", "=", familyId).executeTakeFirst();
    return row === undefined ? undefined : familyOf(row);
  }

  async listFamilies(ownerId: string, page: Page): Promise<PageOf<Family>> {
    const query = this.#db.selectFrom("family").where("owner_id", "=", ownerId);
    const rows = await query
      .selectAll()
      .orderBy("created_at_s")
      .orderBy("id")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await query.select((of) => of.fn.countAll().as("count")).executeTakeFirst();
    return { items: rows.map(familyOf), total: countOf(count) };
  }

  insertRoom(room: Omit<Room, "deviceCount">, max: number): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const count = await transaction
        .selectFrom("room")
        .select((of) => of.fn.countAll().as("count"))
        .where("family_id", "=", room.familyId)
        .executeTakeFirst();
      if (countOf(count) >= max) return false;
      await transaction
        .insertInto("room")
        .values({
          id: room.roomId,
          family_id: room.familyId,
          name: room.name,
          created_at_s: room.createdAtS,
          updated_at_s: room.updatedAtS,
        })
        .execute();
      return true;
    });
  }

  async hasRoom(familyId: string, roomId: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom("room")
      .select("id")
      .where("id", "=", roomId)
      .where("family_id", "=", familyId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async listRooms(familyId: string, page: Page): Promise<PageOf<Room>> {
    const rows = await this.#db
      .selectFrom("room")
      .selectAll("room")
      .select((of) =>
        of
          .selectFrom("binding")
          .select((inner) => inner.fn.countAll().as("count"))
          .whereRef("binding.room_id", "=", "room.id")
          .as("count"),
      )
      .where("family_id", "=", familyId)
      .orderBy("created_at_s")
      .orderBy("id")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await this.#db
      .selectFrom("room")
      .select((of) => of.fn.countAll().as("count"))
      .where("family_id", "=", familyId)
      .executeTakeFirst();
    const items = rows.map((row) => ({
      roomId: row.id,
      familyId: row.family_id,
      name: row.name,
      deviceCount: Number(row.count ?? 0),
      createdAtS: row.created_at_s,
      updatedAtS: row.updated_at_s,
    }));
    return { items, total: countOf(count) };
  }
}

function familyOf(row: FamilyTable): Family {
  return {
    familyId: row.id,
    ownerId: row.owner_id,
    name: row.name,
    address: row.address,
    createdAtS: row.created_at_s,
    updatedAtS: row.updated_at_s,
  };
}
