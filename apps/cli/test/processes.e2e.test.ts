import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEvents, type Result, softap } from "./softap-process.ts";
import { CloudWorld, confirmed, fixtures, openPort } from "./three-processes.ts";

let world: CloudWorld;
beforeAll(async () => {
  world = await CloudWorld.start();
}, 60_000);
afterAll(() => world.stop());

const bound = { event: "finished", verdict: "bound", error: null };

/** The last line of `--json`. */
function lastEvent({ stdout }: Result): unknown {
  return parseEvents(stdout).at(-1);
}

describe("cloud, device and phone in three processes end bound", () => {
  test.each(["1", "2"])("a device that registers itself with form %s, TLS-PSK", async (form) => {
    const product = await world.createProduct();
    const device = world.device(product, ["--registration-form", form]);
    const result = await world.provision(await openPort(device)).ended;
    expect(lastEvent(result)).toMatchObject({ ...bound, deviceId: `${product.productId}/lamp-1` });
    expect(result.exit).toBe(0);
    await confirmed(device);
    const shown = await world.admin("GET", `products/${product.productId}/devices/lamp-1`);
    expect(shown).toMatchObject({ origin: "registration", isOnline: true, registrations: 1 });
    expect(shown["connection"]).toMatchObject({ security: "psk" });
  });

  test("a device with its secret as a password over TCP, to an old phone's rhythm; --once ends it with the verdict", async () => {
    const product = await world.createProduct({});
    const path = `products/${product.productId}/devices`;
    const { deviceSecret } = await world.admin("POST", path, { deviceName: "lamp-1" });
    const secretFile = world.file("device-secret", `${String(deviceSecret)}\n`);
    const device = world.device(product, ["--security", "password", "--secret-file", secretFile, "--once"]);
    const result = await world.provision(await openPort(device), ["--profile", "compatible"]).ended;
    const deviceId = `${product.productId}/lamp-1`;
    expect(lastEvent(result)).toMatchObject({ ...bound, deviceId });
    const end = await device.ended;
    expect(lastEvent(end)).toMatchObject({ ...bound, deviceId });
    expect(end.exit).toBe(0);
  });

  test("a device with a certificate that the operator pinned", async () => {
    const product = await world.createProduct({ kind: "certificate" });
    const { fingerprint256 } = new X509Certificate(readFileSync(join(fixtures, "client.pem")));
    const path = `products/${product.productId}/devices`;
    await world.admin("POST", path, { deviceName: "lamp-1", certificateFingerprint: fingerprint256 });
    const own = [
      "--certificate",
      join(fixtures, "client.pem"),
      "--private-key",
      join(fixtures, "client.key"),
    ];
    const authority = ["--authority", join(fixtures, "authority.pem")];
    const device = world.device(product, ["--security", "certificate", ...own, ...authority]);
    expect(lastEvent(await world.provision(await openPort(device)).ended)).toMatchObject(bound);
  });
});

test("an air file makes a radio that cannot do both, and an open network with an emoji in its name", async () => {
  const routers = [{ ssid: "Büro 🏠", rssiDbm: -60 }];
  const air = world.file("air.json", JSON.stringify({ softApWhileStation: false, routers }));
  const device = world.device(await world.createProduct(), ["--air", air]);
  const phone = world.provision(await openPort(device), ["--ssid", "Büro 🏠", "--open"], "");
  expect(lastEvent(await phone.ended)).toMatchObject(bound);
});

test("a wrong passphrase fails with its exit code, the right one afterwards binds; after kill -9 the device comes back by itself", async () => {
  const product = await world.createProduct();
  const device = world.device(product);
  const port = await openPort(device);
  const wrong = await world.provision(port, [], "canary-wrong").ended;
  expect(lastEvent(wrong)).toMatchObject({
    verdict: "failed",
    error: { code: "WIFI_AUTH_FAILED", number: "SA2101" },
  });
  expect(wrong.exit).toBe(3);

  const right = await world.provision(port).ended;
  expect(lastEvent(right)).toMatchObject(bound);
  await confirmed(device);
  await device.end();

  const again = world.device(product);
  await again.eventNamed("connected");
  expect(again.events.map(({ event }) => event)).not.toContain("listening");
  again.kill("SIGTERM");
  expect((await again.ended).exit).toBe(0);

  const everything = [wrong, right, await again.ended, await device.ended]
    .map(({ stdout, stderr }) => stdout + stderr)
    .join("");
  expect(everything).toContain("credentialsReceived");
  for (const secret of [...world.secrets, "canary-wrong", product.productSecret]) {
    expect(secret.length).toBeGreaterThan(7);
    expect(everything).not.toContain(secret);
    expect(world.cloud.output).not.toContain(secret);
  }
});

test("a bound device is provisioned anew: by its button, by --open-soft-ap, and after --reset", async () => {
  const product = await world.createProduct();
  const first = world.device(product, ["--once"]);
  expect(lastEvent(await world.provision(await openPort(first)).ended)).toMatchObject(bound);
  expect((await first.ended).exit).toBe(0);

  const again = await world.device(product, ["--once"]).ended;
  expect(lastEvent(again)).toMatchObject(bound);
  expect(parseEvents(again.stdout).map(({ event }) => event)).not.toContain("listening");

  const running = world.device(product);
  await running.eventNamed("connected");
  running.kill("SIGUSR1");
  expect(lastEvent(await world.provision(await openPort(running)).ended)).toMatchObject(bound);
  running.kill("SIGTERM");
  await running.ended;

  for (const way of ["--open-soft-ap", "--reset"]) {
    const device = world.device(product, [way]);
    expect(lastEvent(await world.provision(await openPort(device)).ended)).toMatchObject(bound);
    await device.end();
  }
});

describe("softap logs", () => {
  test("reads a device's log over its soft AP, as events and as text", async () => {
    const device = world.device(await world.createProduct());
    const place = ["--host", "127.0.0.1", "--port", String(await openPort(device))];
    const asEvents = await softap(["logs", "--json", ...place]);
    expect(asEvents.exit).toBe(0);
    expect(lastEvent(asEvents)).toMatchObject({ event: "log", line: expect.stringMatching(/^\d+\|\w+: /) });
    const asText = await softap(["logs", ...place]);
    expect(asText.stdout).toMatch(/^\d+\|\w+: /);
  });

  test("reads it in log mode, whose passphrase the device tells", async () => {
    const device = world.device(await world.createProduct(), ["--log-mode"]);
    const { softApSsid, passphrase } = await device.eventNamed("logMode");
    expect(softApSsid).toBe("ESP-LOG-QUERY");
    expect(String(passphrase)).toMatch(/^\w{8,}$/);
    const place = ["--host", "127.0.0.1", "--port", String(await openPort(device))];
    expect(lastEvent(await softap(["logs", "--log-mode", "--json", ...place]))).toMatchObject({
      event: "log",
    });
  });
});

test("a port in use ends softap device with one sentence", async () => {
  const product = await world.createProduct();
  const first = world.device(product);
  const port = await openPort(first);
  const state = ["--state", join(world.home, "second")];
  const second = await softap(
    [
      "device",
      "--product-id",
      product.productId,
      "--device-name",
      "lamp-2",
      "--port",
      String(port),
      ...state,
    ],
    { env: { SOFTAP_PRODUCT_SECRET: product.productSecret } },
  );
  expect(second.stderr).toMatch(
    new RegExp(`^softap: The port is taken by another program: .*${port}.* \\(SA3101\\)\n`),
  );
  expect(second.exit).toBe(4);
});
