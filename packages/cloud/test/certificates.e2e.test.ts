import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@softap/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../src/sql/database.ts";
import { makeDevice, makeProduct, startTestCloud, type TestCloud, type TestDevice } from "./support/cloud.ts";
import { connect } from "./support/mqtt-device.ts";

const pem = (name: string): string => readFileSync(join(import.meta.dirname, "certificates", name), "utf8");
const device: TestDevice = { productId: "CERTPRODUC", deviceName: "dev-1", deviceSecret: Secret.of("") };
const trusted = { ca: pem("authority.pem"), cert: pem("device.pem"), key: pem("device.key") };

let folder: string;
let cloud: TestCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "softap-certificates-"));
  const databasePath = join(folder, "cloud.db");
  const certificate = {
    certificate: pem("server.pem"),
    privateKey: Secret.of(pem("server.key")),
    clientAuthority: pem("authority.pem"),
  };
  cloud = await startTestCloud({ databasePath, certificate });
  // The certificates name this product, and the cloud chooses the ids of its products itself.
  const { raw, db } = openDatabase({ path: databasePath, busyMs: 5000 });
  raw.exec("insert into product values ('CERTPRODUC', 'p', 's', 'certificate', 'off', 0, '{}', 0, 0)");
  await db.destroy();
  await cloud.admin("POST", "/products/CERTPRODUC/devices", { deviceName: "dev-1" });
});
afterAll(async () => {
  await cloud.running.stop();
  rmSync(folder, { recursive: true });
});

describe("certificates", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "a certificate with the client id as its name connects over %s",
    async (version) => {
      const session = await connect(cloud, device, {
        security: "tls",
        ...trusted,
        minVersion: version,
        maxVersion: version,
      } as never);
      const { body } = await cloud.admin("GET", "/sessions");
      expect(body.sessions).toMatchObject([{ deviceId: "CERTPRODUC/dev-1", security: "certificate" }]);
      await session.end();
      await expect.poll(async () => (await cloud.admin("GET", "/sessions")).body.total).toBe(0);
    },
  );

  test("no certificate, and one that a stranger signed, are refused with 5", async () => {
    const ca = pem("authority.pem");
    const stranger = { cert: pem("stranger.pem"), key: pem("stranger.key") };
    await expect(connect(cloud, device, { security: "tls", ca })).rejects.toMatchObject({ code: 5 });
    await expect(connect(cloud, device, { security: "tls", ca, ...stranger })).rejects.toMatchObject({
      code: 5,
    });
  });

  test("a certificate opens no session of another device", async () => {
    await cloud.admin("POST", "/products/CERTPRODUC/devices", { deviceName: "dev-2" });
    const other = { ...device, deviceName: "dev-2" };
    await expect(connect(cloud, other, { security: "tls", ...trusted })).rejects.toMatchObject({ code: 5 });
  });

  test("the same port serves TLS-PSK, and passwords over TLS", async () => {
    const lamp = await makeDevice(cloud, await makeProduct(cloud));
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const options = {
        ciphers: "PSK-AES128-CBC-SHA:TLS_AES_128_GCM_SHA256",
        minVersion: version,
        maxVersion: version,
      };
      const session = await connect(cloud, lamp, { security: "psk", ...options } as never);
      await session.end();
    }
    const overTls = { protocol: "mqtts", port: cloud.running.mqttsPort, ca: pem("authority.pem") } as const;
    const session = await connect(cloud, lamp, { security: "password", ...overTls });
    const sessions = (await cloud.admin("GET", "/sessions")).body.sessions;
    expect(sessions).toMatchObject([{ security: "password" }]);
    await session.end();
  });

  test("a key that is offered in vain proves nothing when the handshake falls back to the certificate", async () => {
    const lamp = await makeDevice(cloud, await makeProduct(cloud));
    // A TLS 1.3 client that offers the lamp's identity with a suite that the key does not fit.
    const attempt = connect(cloud, lamp, {
      security: "psk",
      ca: pem("authority.pem"),
      ciphers: "TLS_AES_256_GCM_SHA384",
      minVersion: "TLSv1.3",
      maxVersion: "TLSv1.3",
      pskCallback: () => ({ identity: `${lamp.productId}${lamp.deviceName}`, psk: Buffer.alloc(16, 1) }),
    } as never);
    await expect(attempt).rejects.toThrow(/.+/);
    expect((await cloud.admin("GET", "/sessions")).body.sessions).not.toMatchObject([
      { deviceId: `${lamp.productId}/${lamp.deviceName}`, security: "psk" },
    ]);
  });

  test("a certificate that cannot be used fails the start", async () => {
    const broken = { certificate: "no certificate", privateKey: Secret.of("no key") };
    await expect(startTestCloud({ certificate: broken })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});
