import { describe, expect, test } from "vitest";
import { nodeCrypto } from "@softap/node";
import {
  decodeRegistration1,
  decodeRegistration2,
  encodeRegistrationReply1,
  encodeRegistrationReply2,
  encryptRegistrationPayload,
  isRegistration1Signed,
  isRegistration2Signed,
  ProtocolError,
  Secret,
  softApError,
} from "@softap/protocol";
import { failNth, type MemoryStore, type VirtualHttpRequest } from "@softap/virtual";
import { deviceSecretText } from "./fake-cloud.ts";
import { World, type WorldOptions } from "./world.ts";

const productSecret = Secret.of("XoezQjzzMedF4lAr2CqCkVYK");
const origin = "https://register.example";

function options(form: 1 | 2): WorldOptions {
  return {
    device: {
      credentials: { kind: "psk", productSecret },
      cloud: { mqttHost: "mqtt.example", mqttPort: 8883, registration: { url: origin, form } },
    },
  };
}

/** Checks a request and answers it with the device's secret, or with a refusal. */
function answer(form: 1 | 2, request: VirtualHttpRequest, refusal?: number): Uint8Array {
  const credentials = { kind: "psk", deviceSecret: Secret.of(deviceSecretText) } as const;
  const encrypted = encryptRegistrationPayload(nodeCrypto, { credentials, productSecret });
  const requestId = "r";
  if (form === 1) {
    expect(request.path).toBe("/register/dev");
    const decoded = decodeRegistration1(request.body);
    if (decoded instanceof ProtocolError) throw decoded;
    expect(isRegistration1Signed(nodeCrypto, decoded, productSecret)).toBe(true);
    return encodeRegistrationReply1(
      refusal === undefined ? { ...encrypted, requestId } : { code: refusal, message: "refused", requestId },
    );
  }
  expect(request.path).toBe("/device/register");
  const decoded = decodeRegistration2(request.body);
  expect(decoded).toEqual({ productId: "L4WG9V9M2M", deviceName: "lamp-1" });
  const { headers, body } = request;
  const isSigned = isRegistration2Signed(nodeCrypto, {
    host: "register.example",
    algorithm: headers["x-tc-algorithm"] ?? "",
    timestamp: headers["x-tc-timestamp"] ?? "",
    nonce: headers["x-tc-nonce"] ?? "",
    signature: headers["x-tc-signature"] ?? "",
    body,
    productSecret,
  });
  expect(isSigned).toBe(true);
  return encodeRegistrationReply2(
    refusal === undefined
      ? { ...encrypted, requestId }
      : { code: String(refusal), message: "refused", requestId },
  );
}

describe.each([1, 2] as const)("registration form %s", (form) => {
  test.each([
    { cloud: "that was reset takes", heals: true },
    { cloud: "that goes on refusing gets no third try of", heals: false },
  ])("a cloud $cloud the secret of a second registration", async ({ heals }) => {
    const world = new World(options(form));
    let requests = 0;
    world.cloud.broker.outage = "tls";
    world.web.serve(origin, {
      onRequest: (request) => {
        requests += 1;
        if (requests === 2 && heals) world.cloud.broker.outage = undefined;
        return { status: 200, body: answer(form, request) };
      },
    });
    const phone = await world.open();
    await phone.sendNetwork({ trace: "0a1b2c3d" });
    await world.until(() => phone.phases.includes("bound") || phone.errors.length > 0);
    expect(requests).toBe(2);
    expect(phone.errors.map(({ code }) => code)).toEqual(heals ? [] : ["TLS_FAILED"]);
    await world.end();
  });

  test("gives the device its secret once, stored before it is used", async () => {
    const world = new World(options(form));
    let requests = 0;
    world.web.serve(origin, {
      onRequest: (request) => {
        requests += 1;
        return { status: 200, body: answer(form, request) };
      },
    });
    const phone = await world.open();
    await phone.sendNetwork({ trace: "0a1b2c3d" });
    await world.until(() => world.cloud.usernames.length === 1);
    expect(await world.stored("softap.credentials")).toBe(JSON.stringify({ deviceSecret: deviceSecretText }));
    await world.until(() => phone.phases.includes("bound"));
    expect(phone.phases).toContain("registering");
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    await world.until(() => world.device.mqtt.isConnected);
    expect(requests).toBe(1);
    await world.end();
  });

  test.each([
    [1010, "REGISTRATION_SIGNATURE", "Device Info error! (27, 1010)"],
    [1021, "REGISTRATION_ACTIVATED", "Device Info error! (27, 1021)"],
    [4242, "REGISTRATION_REPLY_INVALID", "Device Info error! (27, 4242)"],
  ])("names the refusal %s", async (refusal, code, log) => {
    const world = new World(options(form));
    world.web.serve(origin, {
      onRequest: (request) => ({ status: 200, body: answer(form, request, refusal) }),
    });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => phone.errors.length > 0);
    expect(phone.errors[0]).toMatchObject({ code, log });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("is tried again when the server fails for a moment or the secret cannot be stored", async () => {
    let requests = 0;
    const worldOptions = options(form);
    const store = (target: MemoryStore): MemoryStore =>
      failNth(target, "apply", 2, softApError("STORE_WRITE_FAILED", "The disk is full")).target;
    const world = new World({ ...worldOptions, wrapStore: store });
    world.web.serve(origin, {
      onRequest: (request) => {
        requests += 1;
        return requests === 1
          ? { status: 503, body: new Uint8Array(0) }
          : { status: 200, body: answer(form, request) };
      },
    });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(requests).toBe(3);
    expect(phone.errors).toEqual([]);
    await world.end();
  });
});

describe("registration", () => {
  test("that cannot be reached is named, with the hop", async () => {
    const world = new World(options(1));
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => phone.errors.length > 0, 120_000);
    expect(world.stepList.find(({ name }) => name === "attemptFailed")).toMatchObject({
      code: "CLOUD_UNREACHABLE",
      cause: "HOST_NOT_FOUND",
    });
    await world.end();
  });
});
