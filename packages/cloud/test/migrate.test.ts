import { readFileSync, writeFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../src/sql/database.ts";
import { migrate, schemaVersion } from "../src/sql/migrate.ts";
import { ok, startTestCloud } from "./support/cloud.ts";

/** Tables and indexes without the differences that rewriting makes. */
function schemaOf(raw: ReturnType<typeof openDatabase>["raw"]): unknown {
  return raw
    .prepare(
      "select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%' order by type, name",
    )
    .all();
}

const dump = (version: number): string =>
  readFileSync(join(import.meta.dirname, "databases", `v${version}.sql`), "utf8");

describe("migrate()", () => {
  test("makes a whole database of an empty one, and changes nothing the second time", async () => {
    const { raw, db } = openDatabase({ path: ":memory:", busyMs: 100 });
    await migrate(db);
    const once = schemaOf(raw);
    await migrate(db);
    expect(schemaOf(raw)).toEqual(once);
    expect(raw.prepare("select version from schema_version").all()).toEqual([{ version: schemaVersion }]);
    expect(raw.prepare("pragma foreign_keys").get()).toEqual({ foreign_keys: 1 });
    expect(raw.prepare("pragma synchronous").get()).toEqual({ synchronous: 2 });
    await db.destroy();
  });

  test.each(Array.from({ length: schemaVersion }, (_, index) => index + 1))(
    "brings a database of version %i to today's schema with its rows",
    async (version) => {
      const fresh = openDatabase({ path: ":memory:", busyMs: 100 });
      await migrate(fresh.db);
      const old = openDatabase({ path: ":memory:", busyMs: 100 });
      old.raw.exec(dump(version));
      await migrate(old.db);
      expect(schemaOf(old.raw)).toEqual(schemaOf(fresh.raw));
      expect(old.raw.prepare("pragma foreign_key_check").all()).toEqual([]);
      const binding = old.raw.prepare("select account_id, family_id, room_id from binding").get();
      expect(binding).toEqual({ account_id: "100000000000001", family_id: "f_1", room_id: "r_1" });
      await fresh.db.destroy();
      await old.db.destroy();
    },
  );

  test("a cloud starts on a database of version 1 and its user logs in", async () => {
    const folder = mkdtempSync(join(tmpdir(), "softap-migrate-"));
    try {
      const databasePath = join(folder, "cloud.db");
      const { raw, db } = openDatabase({ path: databasePath, busyMs: 100 });
      raw.exec(dump(1));
      await db.destroy();
      await using cloud = await startTestCloud({ databasePath });
      const login = await cloud.app("AppGetToken", { Email: "anna@example.com", Password: "correct horse" });
      const { Token: AccessToken } = ok(login).Data;
      expect(ok(await cloud.app("AppGetFamilyDeviceList", { AccessToken, FamilyId: "f_1" })).Total).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a database of a newer softap is refused and left alone", async () => {
    const { raw, db } = openDatabase({ path: ":memory:", busyMs: 100 });
    raw.exec(
      `create table schema_version (version integer not null); insert into schema_version values (${schemaVersion + 1})`,
    );
    await expect(migrate(db)).rejects.toMatchObject({ code: "STORE_TOO_NEW" });
    expect(raw.prepare("select count(*) as tables from sqlite_master").get()).toEqual({ tables: 1 });
    await db.destroy();
  });

  test("a file that is no database is told apart from one that cannot be opened", async () => {
    const folder = mkdtempSync(join(tmpdir(), "softap-migrate-"));
    try {
      const path = join(folder, "notes.txt");
      writeFileSync(path, "this is no database, however long one looks at it ".repeat(40));
      await expect(startTestCloud({ databasePath: path })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
      const missing = join(folder, "nowhere", "cloud.db");
      await expect(startTestCloud({ databasePath: missing })).rejects.toMatchObject({
        code: "STORE_READ_FAILED",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
