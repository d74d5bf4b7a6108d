import { describe, expect, test } from "vitest";
import { AppClient } from "@softap/phone";
import { neverCanceled } from "@softap/ports";
import { encodeUtf8, type Secret } from "@softap/protocol";
import { MemoryStore, SeededRandom, VirtualClock } from "@softap/virtual";
import { Account } from "../src/account/account.ts";

const http = { request: () => Promise.reject(new Error("offline")) };

async function account(record?: string): Promise<{ account: Account; store: MemoryStore }> {
  const store = new MemoryStore();
  const clock = new VirtualClock();
  if (record !== undefined) await store.apply({ account: encodeUtf8(record) }, { signal: neverCanceled });
  const connect = (accessToken: Secret | undefined): AppClient =>
    new AppClient({
      baseUrl: "https://iot.example.com",
      http,
      clock,
      random: new SeededRandom(1),
      ...(accessToken === undefined ? {} : { accessToken }),
    });
  return { store, account: new Account({ store, clock, connect }) };
}

describe("Account", () => {
  test("takes up a token that is still valid", async () => {
    const { account: one } = await account('{"token":"t","expiresAtS":99999999999}');
    expect(await one.restore()).toBe(true);
    expect(one.cloud.accessToken?.reveal()).toBe("t");
  });

  test.each([
    ["an expired token", '{"token":"t","expiresAtS":1}'],
    ["something that is not JSON", "{"],
    ["a record without a token", "{}"],
    ["a record of other types", '{"token":1,"expiresAtS":"x"}'],
    ["nothing", undefined],
  ])("counts %s as none", async (_name, record) => {
    const { account: one } = await account(record);
    expect(await one.restore()).toBe(false);
    expect(one.isSignedIn).toBe(false);
  });

  test("signOut() forgets the token also where the cloud cannot be reached", async () => {
    const { account: one, store } = await account('{"token":"t","expiresAtS":99999999999}');
    await one.restore();
    await one.signOut();
    expect(one.isSignedIn).toBe(false);
    expect(await store.get("account", { signal: neverCanceled })).toBeUndefined();
  });
});
