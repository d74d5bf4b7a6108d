import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Event, parseEvents, type Result, softap } from "./softap-process.ts";
import { CloudWorld, confirmed, openPort, type TestProduct } from "./three-processes.ts";

/** The checks of one run, by name. */
function checksOf({ stdout }: Result): ReadonlyMap<string, Event> {
  return new Map(
    parseEvents(stdout)
      .filter(({ event }) => event === "check")
      .map((line) => [String(line["name"]), line]),
  );
}

describe("doctor and status beside a cloud and a device", () => {
  let world: CloudWorld;
  let product: TestProduct;
  beforeAll(async () => {
    world = await CloudWorld.start();
    product = await world.createProduct();
  }, 60_000);
  afterAll(() => world.stop());

  const stateFolder = (): string => join(world.home, "state");
  const look = async (args: readonly string[] = []): Promise<Result> => {
    const { mqttsPort } = await world.cloud.eventNamed("listening");
    const cloud = ["--cloud-host", "127.0.0.1", "--mqtt-port", String(mqttsPort)];
    const identity = ["--product-id", product.productId, "--device-name", "lamp-1"];
    const places = ["--wifi", "virtual", "--port", "0", "--log-port", "0", "--state", stateFolder()];
    return softap(["doctor", "--json", ...cloud, ...identity, ...places, ...args], {
      env: { SOFTAP_PRODUCT_SECRET: product.productSecret },
    });
  };
  const status = async (): Promise<Event> => {
    const { stdout } = await softap(["device", "status", "--json", "--state", stateFolder()]);
    return parseEvents(stdout)[0] ?? expect.unreachable();
  };

  test("a device that never ran has nothing to log in with, and that is no fault", async () => {
    const { exit, stdout } = await look();
    const checks = checksOf({ exit, stdout, stderr: "" });
    expect(checks.get("cloud-tcp")).toMatchObject({ state: "ok" });
    expect(checks.get("cloud-tls")).toMatchObject({ state: "skip" });
    expect(checks.get("cloud-login")?.["detail"]).toMatch(/registers at its first provisioning/);
    expect(parseEvents(stdout).at(-1)).toMatchObject({ event: "finished", failed: 0 });
    expect(exit).toBe(0);
    expect(await status()).toMatchObject({ event: "status", isRunning: false, owner: "none" });
  });

  test("a running device is left alone; what it says of itself is told instead", async () => {
    const device = world.device(product, ["--state", stateFolder()]);
    const phone = world.provision(await openPort(device));
    await Promise.all([confirmed(device), phone.ended]);
    const before = await status();
    expect(before).toMatchObject({
      deviceId: `${product.productId}/lamp-1`,
      isRunning: true,
      isConnected: true,
      keepsNetwork: true,
      owner: "bound",
      isRegistered: true,
      pendingAttempt: null,
    });
    const checks = checksOf(await look());
    expect(checks.get("cloud-login")).toMatchObject({
      state: "ok",
      detail: "the running device is connected",
    });
    expect(checks.get("state")?.["detail"]).toMatch(/the device runs, has an owner$/);
    expect(await status()).toEqual(before);
    expect(device.events.map(({ event }) => event)).not.toContain("disconnected");
    device.kill("SIGTERM");
    await device.ended;
  });

  test("a device at rest is logged in hop by hop, and its clock is compared", async () => {
    const result = await look();
    const checks = checksOf(result);
    for (const name of ["cloud-dns", "cloud-tcp", "cloud-tls", "cloud-login", "cloud-time", "state"])
      expect([name, checks.get(name)?.["state"]]).toEqual([name, "ok"]);
    expect(checks.get("cloud-time")?.["detail"]).toMatch(/^the own clock is \d{1,4} ms (behind|ahead)$/);
    expect(result.exit).toBe(0);
    for (const secret of [product.productSecret, ...world.secrets])
      expect(result.stdout).not.toContain(secret);
  });

  test("a wrong key fails at the encryption, with the exit code of the network, and is not told", async () => {
    const secretFile = world.file("wrong-secret", `${Buffer.from("canary-wrong-key").toString("base64")}\n`);
    const result = await look(["--secret-file", secretFile]);
    const checks = checksOf(result);
    expect(checks.get("cloud-tls")).toMatchObject({ state: "fail", error: { code: "TLS_FAILED" } });
    expect(checks.get("cloud-login")).toMatchObject({ state: "skip" });
    expect(result.exit).toBe(4);
    expect(result.stdout + result.stderr).not.toMatch(/canary|Y2FuYXJ5/);
  });

  test("a secret's file that is missing is a finding; the other checks go on", async () => {
    const result = await look(["--secret-file", join(world.home, "nowhere")]);
    expect(checksOf(result).get("cloud-tls")).toMatchObject({ error: { code: "FILE_NOT_FOUND" } });
    expect(parseEvents(result.stdout).at(-1)).toMatchObject({
      event: "finished",
      verdict: "fail",
      failed: 1,
    });
    expect(result.exit).toBe(2);
  });

  test("the settings of a service are taken from its file", async () => {
    const file = world.file(
      "device.env",
      `# comment\nSOFTAP_MQTT_HOST="cloud.invalid"\nSOFTAP_DEVICE_PORT=0\nSOFTAP_WIFI="virtual"\n`,
    );
    const { stdout, exit } = await softap(["doctor", "--json", "--config", file, "--log-port", "0"]);
    const checks = checksOf({ stdout, exit, stderr: "" });
    expect(checks.has("radio")).toBe(false);
    expect(checks.get("cloud-dns")).toMatchObject({ error: { code: "HOST_NOT_FOUND" } });
  });

  test("damaged state is a finding of doctor and an error of status", async () => {
    const path = join(stateFolder(), "store");
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, -10));
    const result = await look();
    expect(checksOf(result).get("state")).toMatchObject({ state: "fail", error: { code: "STORE_CORRUPT" } });
    expect(result.exit).toBe(1);
    expect(await status()).toMatchObject({ event: "error", code: "STORE_CORRUPT" });
    writeFileSync(path, whole);
  });
});
