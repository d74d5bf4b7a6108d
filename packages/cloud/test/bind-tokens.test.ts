import { Secret } from "@softap/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { BindTokens } from "../src/rules/bind-tokens.ts";
import { SqlBindTokenStore } from "../src/sql/bind-token-store.ts";
import { SqlBindingStore } from "../src/sql/binding-store.ts";
import { openDatabase, type OpenDatabase } from "../src/sql/database.ts";
import { migrate } from "../src/sql/migrate.ts";
import { hashToken } from "../src/rules/rules-context.ts";
import { rulesContext } from "./support/world.ts";

const lamp = { productId: "ABCDEFGHIJ", deviceName: "lamp" };
const plug = { productId: "ABCDEFGHIJ", deviceName: "plug" };

let database: OpenDatabase;
let context: ReturnType<typeof rulesContext>;
let tokens: BindTokens;

beforeEach(async () => {
  database = openDatabase({ path: ":memory:", busyMs: 100 });
  await migrate(database.db);
  database.raw.exec(`
    insert into product values ('ABCDEFGHIJ', 'p', 's', 'psk', 'off', 1, '{}', 0, 0);
    insert into device values ('ABCDEFGHIJ/lamp', 'ABCDEFGHIJ', 'lamp', 'AA==', null, 'admin', 0, null, null, 0);
    insert into device values ('ABCDEFGHIJ/plug', 'ABCDEFGHIJ', 'plug', 'AA==', null, 'admin', 0, null, null, 0);
    insert into account values ('anna', null, null, null, '', '', null, 0);
    insert into account values ('bob', null, null, null, '', '', null, 0);
    insert into family values ('f', 'bob', 'f', '', 0, 0);`);
  context = rulesContext();
  tokens = new BindTokens(new SqlBindTokenStore(database.db), context);
  return () => database.db.destroy();
});

const create = (accountId = "anna"): Promise<Secret> =>
  tokens.create({ accountId, isShort: false, address: "192.0.2.1" });

describe("BindTokens", () => {
  test("create() stores no token that could be read back", async () => {
    const token = await create();
    const stored = JSON.stringify(database.raw.prepare("select * from bind_token").all());
    expect(stored).not.toContain(token.reveal());
    expect(token.reveal()).toMatch(/^[0-9a-f]{32}$/);
  });

  test("report() takes a fresh token once, and again from the same device", async () => {
    const token = await create();
    expect(await tokens.state("anna", token)).toEqual({ state: 1 });
    expect(await tokens.report(lamp, token)).toBeUndefined();
    expect(await tokens.report(lamp, token)).toBeUndefined();
    expect((await tokens.report(plug, token))?.code).toBe("BIND_TOKEN_USED");
    expect(await tokens.state("anna", token)).toEqual({ state: 2, device: lamp });
  });

  test("state() tells a stranger nothing", async () => {
    const token = await create();
    await expect(tokens.state("bob", token)).rejects.toMatchObject({ code: "BIND_TOKEN_UNKNOWN" });
  });

  test("an expired token is told apart from an unknown one until it is swept", async () => {
    const token = await create();
    context.clock.forwardS(601);
    expect((await tokens.report(lamp, token))?.code).toBe("BIND_TOKEN_EXPIRED");
    await expect(tokens.state("anna", token)).rejects.toMatchObject({ code: "BIND_TOKEN_EXPIRED" });
    context.clock.forwardS(86_400);
    await tokens.sweep();
    expect((await tokens.report(lamp, token))?.code).toBe("BIND_TOKEN_UNKNOWN");
  });

  test("a reported token waits an hour for the phone, and repeating the report wins no time", async () => {
    const token = await create();
    await tokens.report(lamp, token);
    context.clock.forwardS(3000);
    expect(await tokens.report(lamp, token)).toBeUndefined();
    context.clock.forwardS(599);
    expect(await tokens.state("anna", token)).toMatchObject({ state: 2 });
    context.clock.forwardS(2);
    await expect(tokens.state("anna", token)).rejects.toMatchObject({ code: "BIND_TOKEN_EXPIRED" });
  });

  test("report() refuses a device of somebody else", async () => {
    database.raw.exec("insert into binding values ('ABCDEFGHIJ/lamp', 'bob', 'f', null, '', 0, 0)");
    expect((await tokens.report(lamp, await create("anna")))?.code).toBe("DEVICE_BOUND_ELSEWHERE");
    expect(await tokens.report(lamp, await create("bob"))).toBeUndefined();
  });

  test("guessing harms nobody's token and ends in RATE_LIMITED for the guesser alone", async () => {
    const token = await create();
    for (let guess = 0; guess < 30; guess += 1)
      expect((await tokens.report(plug, Secret.of(`guess-${guess}`)))?.code).toBe("BIND_TOKEN_UNKNOWN");
    expect((await tokens.report(plug, token))?.code).toBe("RATE_LIMITED");
    expect(await tokens.report(lamp, token)).toBeUndefined();
  });

  test("create() limits a user", async () => {
    for (let count = 0; count < 60; count += 1) await create();
    await expect(create()).rejects.toMatchObject({ code: "RATE_LIMITED" });
    expect(await create("bob")).toBeInstanceOf(Secret);
    context.clock.forwardS(601);
    expect(await create()).toBeInstanceOf(Secret);
  });
});

describe("SqlBindingStore", () => {
  const place = { deviceId: "ABCDEFGHIJ/lamp", accountId: "bob", familyId: "f", roomId: "0" };

  test("bind() needs the token's own device, and unbind() takes its tokens with it", async () => {
    const store = new SqlBindingStore(database.db);
    const token = await create("bob");
    const tokenHash = hashToken(context, token.reveal());
    const nowS = Math.floor(context.clock.wallMs() / 1000);
    expect(await store.bind({ ...place, tokenHash, nowS })).toBe("tokenGone");
    await tokens.report(lamp, token);
    expect(await store.bind({ ...place, deviceId: "ABCDEFGHIJ/plug", tokenHash, nowS })).toBe("tokenGone");
    expect(await store.bind({ ...place, tokenHash, nowS })).toBe("bound");
    expect(await store.bind({ ...place, tokenHash, nowS })).toBe("unchanged");
    expect(await store.unbind(place.deviceId, "f")).toBe(true);
    expect(await store.unbind(place.deviceId, "f")).toBe(false);
    expect(await store.bind({ ...place, tokenHash, nowS })).toBe("tokenGone");
  });
});
