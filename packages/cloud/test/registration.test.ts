import { nodeCrypto } from "@softap/node";
import { decryptRegistrationPayload, encodeRegistration2, Secret } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { makeDevice, makeProduct, register, startTestCloud } from "./support/cloud.ts";
import { connect } from "./support/mqtt-device.ts";
import { openDatabase } from "../src/sql/database.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "./support/json.ts";

describe("registration", () => {
  test("the vendor's recorded request of the older form is accepted and answered in less than 256 bytes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "softap-cloud-"));
    try {
      const databasePath = join(folder, "cloud.db");
      await (await startTestCloud({ databasePath })).running.stop();
      const { raw, db } = openDatabase({ path: databasePath, busyMs: 1000 });
      raw
        .prepare("insert into product values (?, 'p', ?, 'psk', 'auto-create', 10, '{}', 0, 0)")
        .run("L4WG9V9M2M", "XoezQjzzMedF4lAr2CqCkVYK");
      await db.destroy();
      await using cloud = await startTestCloud({ databasePath });
      expect(cloud.running.firstAdminToken).toBeUndefined();
      const reply = await fetch(`${cloud.baseUrl}/register/dev`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: '{"deviceName":"TEST2","nonce":1005258070,"productId":"L4WG9V9M2M","timestamp":1611299964,"signature":"YWM2ZjM1MDZlYzE4N2M1NGNiYjIwZTcwY2E1YTY5NzIyMWM0Mjg2NA=="}',
      });
      const text = await reply.text();
      expect(text.length).toBeLessThan(256);
      const body = JSON.parse(text);
      expect(body).toMatchObject({ code: 0, len: 53 });
      const credentials = decryptRegistrationPayload(nodeCrypto, {
        payload: body.payload,
        productSecret: Secret.of("XoezQjzzMedF4lAr2CqCkVYK"),
      });
      expect(credentials).toMatchObject({ kind: "psk" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("the newer form gives the same secret to the same device, signed in base64 or hex", async () => {
    await using cloud = await startTestCloud();
    const product = await makeProduct(cloud);
    const device = await makeDevice(cloud, product, "TEST2");
    const { body, headers } = encodeRegistration2(nodeCrypto, {
      ...product,
      deviceName: "TEST2",
      host: "127.0.0.1",
      timestampS: 1_611_299_964,
      nonce: 1_005_258_070,
    });
    const signature = headers["x-tc-signature"] ?? "";
    for (const spelling of [signature, Buffer.from(signature, "base64").toString("hex")]) {
      const reply = await fetch(`${cloud.baseUrl}/device/register`, {
        method: "POST",
        headers: { ...headers, "x-tc-algorithm": "hmacsha256", "x-tc-signature": spelling },
        body: Buffer.from(body),
      });
      const { Response }: Json = await reply.json();
      const credentials = decryptRegistrationPayload(nodeCrypto, {
        payload: Response.Payload,
        productSecret: product.productSecret,
      });
      if (credentials instanceof Error || credentials.kind !== "psk") throw new Error("no key");
      expect(credentials.deviceSecret.equals(device.deviceSecret)).toBe(true);
      expect(Response.Len).toBe(53);
    }
    const wrong = await fetch(`${cloud.baseUrl}/device/register`, {
      method: "POST",
      headers: { ...headers, "x-tc-signature": "AAAA" },
      body: Buffer.from(body),
    });
    expect(await wrong.json()).toMatchObject({ Response: { Error: { Code: "1010" } } });
  });

  test("each refusal has the vendor's number", async () => {
    await using cloud = await startTestCloud({ limits: { registrationsPerDevice: 2 } });
    const off = await makeProduct(cloud, { registrationMode: "off" });
    const created = await makeProduct(cloud, { registrationMode: "pre-created" });
    const auto = await makeProduct(cloud, { registrationMode: "auto-create", deviceLimit: 1 });
    const pinned = await makeProduct(cloud, { registrationMode: "auto-create", kind: "certificate" });
    const number = (product: typeof off, deviceName = "d") => register(cloud, { ...product, deviceName });
    expect(await number({ ...off, productId: "NOSUCHPROD" })).toBe(1004);
    expect(await number(off, "bad name")).toBe(1006);
    expect(await number({ ...off, productSecret: Secret.of("0123456789abcdef") })).toBe(1010);
    expect(await number(off)).toBe(1011);
    expect(await number(pinned)).toBe(1011);
    expect(await number(created)).toBe(1020);
    await cloud.admin("POST", `/products/${created.productId}/devices`, { deviceName: "d" });
    expect(await number(created)).toMatchObject({ deviceName: "d" });
    const device = await makeDevice(cloud, auto, "first");
    expect(await number(auto, "second")).toBe(1031);
    expect(await number(auto, "first")).toMatchObject({ deviceName: "first" });
    expect(await number(auto, "first")).toBe(1012);
    const session = await connect(cloud, device, { security: "psk" });
    expect(await number(auto, "first")).toBe(1021);
    await session.end();
    await cloud.admin("POST", `/products/${auto.productId}/devices/first/reset`);
    expect(await number(auto, "first")).toMatchObject({ deviceName: "first" });
  });

  test.each(["", "{", "[]", '{"deviceName":1}', "x".repeat(70_000)])(
    "junk gets 1006, not a stack",
    async (body) => {
      await using cloud = await startTestCloud();
      const reply = await fetch(`${cloud.baseUrl}/register/dev`, { method: "POST", body });
      expect(await reply.json()).toMatchObject({ code: 1006 });
    },
  );
});
