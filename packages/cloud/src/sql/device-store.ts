import { Secret } from "@softap/protocol";
import type { Kysely, Selectable } from "kysely";
import { deviceIdOf } from "../rules/device-id.ts";
import type { Device, DeviceStore } from "../rules/devices.ts";
import type { RegistrationOutcome, RegistrationStore } from "../rules/registration.ts";
import { countOf, type Page, type PageOf } from "./page.ts";
import type { DeviceTable, Schema } from "./schema.ts";

/** Devices and their registrations in SQL. */
export class SqlDeviceStore implements DeviceStore, RegistrationStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async insert(device: Device): Promise<boolean> {
    const result = await this.#db
      .insertInto("device")
      .values({
        id: deviceIdOf(device),
        product_id: device.productId,
        name: device.deviceName,
        secret: device.deviceSecret?.reveal() ?? null,
        certificate_fingerprint: device.certificateFingerprint ?? null,
        origin: device.origin,
        registrations: device.registrations,
        registered_at_s: device.registeredAtS ?? null,
        activated_at_s: device.activatedAtS ?? null,
        created_at_s: device.createdAtS,
      })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  }

  async find(deviceId: string): Promise<Device | undefined> {
    const row = await this.#db.selectFrom("device").selectAll().where("id", "=", deviceId).executeTakeFirst();
    return row === undefined ? undefined : deviceOf(row);
  }

  async list(productId: string, page: Page): Promise<PageOf<Device>> {
    const rows = await this.#db
      .selectFrom("device")
      .selectAll()
      .where("product_id", "=", productId)
      .orderBy("name")
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const count = await this.#db
      .selectFrom("device")
      .select((of) => of.fn.countAll().as("count"))
      .where("product_id", "=", productId)
      .executeTakeFirst();
    return { items: rows.map(deviceOf), total: countOf(count) };
  }

  async reset(deviceId: string, deviceSecret: Secret | undefined): Promise<boolean> {
    const result = await this.#db
      .updateTable("device")
      .set({
        secret: deviceSecret?.reveal() ?? null,
        registrations: 0,
        registered_at_s: null,
        activated_at_s: null,
      })
      .where("id", "=", deviceId)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async delete(deviceId: string): Promise<boolean> {
    const result = await this.#db.deleteFrom("device").where("id", "=", deviceId).executeTakeFirst();
    return result.numDeletedRows === 1n;
  }

  register(options: Parameters<RegistrationStore["register"]>[0]): Promise<RegistrationOutcome> {
    const { device, newSecret, create, maxRegistrations, nowS } = options;
    const id = deviceIdOf(device);
    return this.#db.transaction().execute(async (transaction): Promise<RegistrationOutcome> => {
      const known = await transaction
        .selectFrom("device")
        .select(["secret", "registrations", "activated_at_s"])
        .where("id", "=", id)
        .executeTakeFirst();
      if (known !== undefined) {
        if (known.activated_at_s !== null) return { type: "activated" };
        if (known.registrations >= maxRegistrations) return { type: "tooOften" };
        const secret = known.secret ?? newSecret.reveal();
        await transaction
          .updateTable("device")
          .set({ secret, registrations: known.registrations + 1, registered_at_s: nowS })
          .where("id", "=", id)
          .execute();
        return { type: "registered", deviceSecret: Secret.of(secret) };
      }
      if (create === undefined) return { type: "notCreated" };
      const created = await transaction
        .selectFrom("device")
        .select((of) => of.fn.countAll().as("count"))
        .where("product_id", "=", device.productId)
        .where("origin", "=", "registration")
        .executeTakeFirst();
      if (countOf(created) >= create.limit) return { type: "limitReached" };
      await transaction
        .insertInto("device")
        .values({
          id,
          product_id: device.productId,
          name: device.deviceName,
          secret: newSecret.reveal(),
          certificate_fingerprint: null,
          origin: "registration",
          registrations: 1,
          registered_at_s: nowS,
          activated_at_s: null,
          created_at_s: nowS,
        })
        .execute();
      return { type: "registered", deviceSecret: newSecret };
    });
  }
}

function deviceOf(row: Selectable<DeviceTable>): Device {
  return {
    productId: row.product_id,
    deviceName: row.name,
    deviceSecret: row.secret === null ? undefined : Secret.of(row.secret),
    certificateFingerprint: row.certificate_fingerprint ?? undefined,
    origin: row.origin,
    registrations: row.registrations,
    registeredAtS: row.registered_at_s ?? undefined,
    activatedAtS: row.activated_at_s ?? undefined,
    createdAtS: row.created_at_s,
  };
}
