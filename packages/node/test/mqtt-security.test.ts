import { NodeMqttConnector } from "@softap/node";
import { type MqttSecurity, neverCanceled } from "@softap/ports";
import { isSoftApError, Secret, type SoftApError } from "@softap/protocol";
import { readFileSync } from "node:fs";
import type { TlsOptions } from "node:tls";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { ContractBroker } from "./contract-broker.ts";

const keyText = "Y2FuYXJ5LWtleS0xNjEyMw==";
const wrongKeyText = "Y2FuYXJ5LXdyb25nLTEyMw==";
const connector = new NodeMqttConnector();
let broker: ContractBroker | undefined;

afterEach(async () => {
  await broker?.cleanup();
  broker = undefined;
});

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

function psk(key: string): MqttSecurity {
  return { kind: "psk", identity: "device-1", key: Secret.of(key) };
}

async function startBroker(tls: TlsOptions): Promise<ContractBroker> {
  broker = await ContractBroker.start({ tls, security: () => psk(keyText) });
  return broker;
}

function startPskBroker(tls: TlsOptions): Promise<ContractBroker> {
  return startBroker({
    pskCallback: (_socket, identity) => (identity === "device-1" ? Buffer.from(keyText, "base64") : null),
    ...tls,
  });
}

async function connectWith(at: ContractBroker, security: MqttSecurity): Promise<void> {
  const link = await connector.connect({ ...at.session("device-1"), security, signal: neverCanceled });
  await link.publish("up/1", Uint8Array.of(1), { qos: 1, signal: neverCanceled });
  await link.close();
}

async function failureOf(work: Promise<unknown>): Promise<SoftApError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!isSoftApError(error)) throw new Error(`Not an error of ours: ${String(error)}`);
  return error;
}

describe("NodeMqttConnector over TLS-PSK", () => {
  test.each([
    ["PSK-AES128-CBC-SHA", "TLSv1.2"],
    ["PSK-AES256-CBC-SHA", "TLSv1.2"],
    ["PSK-AES128-GCM-SHA256", "TLSv1.2"],
    ["ECDHE-PSK-CHACHA20-POLY1305", "TLSv1.2"],
    ["TLS_AES_128_GCM_SHA256", "TLSv1.3"],
  ] as const)("speaks %s to a broker that knows nothing else", async (ciphers, version) => {
    const at = await startPskBroker({ ciphers, minVersion: version, maxVersion: version });
    await connectWith(at, psk(keyText));
    expect(at.ciphers).toEqual([ciphers]);
    expect(at.received).toHaveLength(1);
  });

  test("prefers TLS 1.3 where the broker has everything", async () => {
    const at = await startPskBroker({
      ciphers: "PSK-AES128-CBC-SHA:PSK-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256",
    });
    await connectWith(at, psk(keyText));
    expect(at.ciphers).toEqual(["TLS_AES_128_GCM_SHA256"]);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "a wrong key ends in TLS_FAILED and shows in no error, %s",
    async (version) => {
      const at = await startPskBroker({
        ciphers: "TLS_AES_128_GCM_SHA256:PSK-AES128-CBC-SHA",
        minVersion: version,
        maxVersion: version,
      });
      const error = await failureOf(connectWith(at, psk(wrongKeyText)));
      expect(error.code).toBe("TLS_FAILED");
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(wrongKeyText);
      await expect.poll(() => at.connectionCount()).toBe(0);
    },
  );

  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "refuses a server that shows a certificate instead of using the key, %s",
    async (version) => {
      const at = await startBroker({
        cert: fixture("server.pem"),
        key: fixture("server.key"),
        minVersion: version,
        maxVersion: version,
      });
      expect((await failureOf(connectWith(at, psk(keyText)))).code).toBe("TLS_FAILED");
      expect(at.received).toEqual([]);
      await expect.poll(() => at.connectionCount()).toBe(0);
    },
  );

  test.each(["", "not base64!", "a"])("refuses the key %j with CONFIG_INVALID", async (key) => {
    const at = await startPskBroker({ ciphers: "PSK-AES128-CBC-SHA" });
    expect((await failureOf(connectWith(at, psk(key)))).code).toBe("CONFIG_INVALID");
  });
});

describe("NodeMqttConnector over TLS with certificates", () => {
  const certificate = {
    kind: "certificate",
    certificate: fixture("client.pem"),
    privateKey: Secret.of(fixture("client.key")),
    authority: fixture("authority.pem"),
  } as const;

  test("refuses a server whose certificate the authority did not sign with TLS_FAILED", async () => {
    const at = await startBroker({ cert: fixture("server.pem"), key: fixture("server.key") });
    const stranger = { ...certificate, authority: fixture("client.pem") };
    expect((await failureOf(connectWith(at, stranger))).code).toBe("TLS_FAILED");
    expect(at.received).toEqual([]);
  });

  test("tells a damaged private key by CONFIG_INVALID and shows nothing of it", async () => {
    const at = await startBroker({ cert: fixture("server.pem"), key: fixture("server.key") });
    const text = "-----BEGIN PRIVATE KEY-----\ncanarycanarycanary\n-----END PRIVATE KEY-----\n";
    const error = await failureOf(connectWith(at, { ...certificate, privateKey: Secret.of(text) }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
  });
});
