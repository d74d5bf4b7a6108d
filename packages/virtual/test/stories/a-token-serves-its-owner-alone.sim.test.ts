import { encodeUtf8, Secret, thingDownTopic } from "@softap/protocol";
import { expect, test } from "vitest";
import { RawPhone } from "./raw-phone.ts";
import { rightPassphrase, story, wrongPassphrase } from "./world.ts";

const unknownToken = Secret.of("0123456789abcdef0123456789abcdef");

test(
  "a token that nobody made is refused by name, and the rightful one works in the same session",
  story({}, async (world) => {
    const { lamp } = world;
    const refused = await world.verdict({ token: unknownToken });
    expect(refused).toMatchObject({ verdict: "failed", code: "BIND_TOKEN_UNKNOWN", retry: "no" });
    expect(await lamp.keptSsid()).toBeUndefined();
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    expect(lamp.events.filter(({ type }) => type === "listening")).toHaveLength(1);
  }),
);

test(
  "a token that took too long is called expired",
  story({}, async (world) => {
    const { phone, clock } = world;
    const token = await clock.complete(phone.account.createBindToken(), 10_000);
    await clock.advance(601_000);
    await world.until(() => world.lamp.radio.softAp.isUp);
    expect(await world.verdict({ token })).toMatchObject({ verdict: "failed", code: "BIND_TOKEN_EXPIRED" });
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "a token serves one device: the second is refused, the first keeps it",
  story({}, async (world) => {
    const { phone, clock, lamp } = world;
    const token = await clock.complete(phone.account.createBindToken(), 10_000);
    expect(await world.verdict({ token })).toMatchObject({ verdict: "bound" });
    const second = await world.addLamp("lamp-2");
    await second.boot();
    const raw = await RawPhone.join(world, await world.addPhone("stranger"), second);
    await raw.sendNetwork({ passphrase: rightPassphrase, token });
    await world.until(() => raw.errors.length > 0);
    expect(raw.errors[0]).toBe("BIND_TOKEN_USED");
    expect(await second.keptSsid()).toBeUndefined();
    expect(await world.devicesOf()).toEqual([lamp.deviceId]);
    raw.close();
  }),
);

test(
  "who overhears a token cannot take the device that it belongs to",
  story({}, async (world) => {
    const { phone, clock, lamp } = world;
    const token = await clock.complete(phone.account.createBindToken(), 10_000);
    const thief = await world.addPhone("thief");
    const [theirs] = await clock.complete(
      Promise.all([thief.account.createFamily({ name: "Den" }), thief.account.families()]),
      10_000,
    );
    const running = world.provision({ token });
    await world.until(() => lamp.count("tokenAccepted") === 1);
    const [productId = "", deviceName = ""] = lamp.deviceId.split("/");
    const theft = thief.account.bindDeviceToFamily({ token, productId, deviceName, familyId: theirs });
    await expect(clock.complete(theft, 10_000)).rejects.toMatchObject({ code: "BIND_TOKEN_UNKNOWN" });
    expect(await clock.complete(running.result, 60_000)).toMatchObject({ verdict: "bound" });
    expect(await world.devicesOf(thief)).toEqual([]);
  }),
);

test(
  "wrong guesses burn nobody's token",
  story({}, async (world) => {
    const { phone, clock } = world;
    const token = await clock.complete(phone.account.createBindToken(), 10_000);
    const guesser = await world.addLamp("lamp-2");
    await guesser.boot();
    const stranger = await world.addPhone("stranger");
    expect(await world.verdict({ token: unknownToken }, { phone: stranger, lamp: guesser })).toMatchObject({
      verdict: "failed",
      code: "BIND_TOKEN_UNKNOWN",
    });
    expect(await world.verdict({ token })).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "the limit on refused tokens is kept, not just written down",
  story({ cloudLimits: { refusedTokensPerDevice: 3 } }, async (world) => {
    const codes: string[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      const verdict = await world.verdict({ token: unknownToken });
      codes.push("code" in verdict ? verdict.code : verdict.verdict);
    }
    expect(codes.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => "BIND_TOKEN_UNKNOWN"));
    expect(codes.slice(3)).toEqual(["RATE_LIMITED", "RATE_LIMITED"]);
  }),
);

test(
  "the limit on attempts of one session is kept, and the next session starts anew",
  story({ device: { limits: { maxAttempts: 3 } } }, async (world) => {
    const network = { ssid: "Home-WiFi", passphrase: wrongPassphrase };
    const codes: string[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      const verdict = await world.verdict({ network });
      codes.push("code" in verdict ? verdict.code : verdict.verdict);
    }
    expect(codes).toEqual(["WIFI_AUTH_FAILED", "WIFI_AUTH_FAILED", "WIFI_AUTH_FAILED", "RATE_LIMITED"]);
    expect(world.lamp.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(3);
    await world.until(() => world.lamp.events.some(({ type }) => type === "sessionEnded"), 400_000);
    await world.until(() => world.lamp.radio.softAp.isUp);
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
  }),
);

test(
  "tokens are made at a limited pace",
  story({ cloudLimits: { bindTokensPerUser: 2 } }, async (world) => {
    const { phone, clock } = world;
    for (let made = 0; made < 2; made++) await clock.complete(phone.account.createBindToken(), 10_000);
    expect(await world.verdict()).toMatchObject({ verdict: "failed", code: "RATE_LIMITED" });
    expect(phone.wifi.isOnSoftAp).toBe(false);
  }),
);

test(
  "no device hears what is said to another",
  story({ begins: "bound" }, async (world) => {
    const { lamp, cloud, clock } = world;
    const spy = await world.addLamp("lamp-2");
    await spy.boot();
    expect(await world.verdict({}, { lamp: spy })).toMatchObject({ verdict: "bound" });
    const [productId = "", deviceName = ""] = lamp.deviceId.split("/");
    const topic = thingDownTopic("service", { productId, deviceName });
    for (const filter of [topic, "#", "$thing/down/service/#", `${productId}/+/data`])
      await expect(
        clock.complete(
          spy.device.mqtt.subscribe(filter, () => {}),
          10_000,
        ),
      ).rejects.toMatchObject({ code: "MQTT_SUBSCRIBE_REFUSED" });
    const before = cloud.uplinks.length;
    const forged = spy.device.mqtt.publish(`${lamp.deviceId}/data`, encodeUtf8("forged"), { qos: 0 });
    await clock.complete(forged, 10_000);
    await clock.advance(1_000);
    expect(cloud.uplinks.length).toBe(before);
    await world.expectConnected(spy);
  }),
);

test(
  "a device may register as often as answers get lost, but not any more once it is active",
  story({ secret: "product secret" }, async (world) => {
    const { lamp, cloud } = world;
    expect(await world.verdict()).toMatchObject({ verdict: "bound" });
    await world.until(() => lamp.events.some(({ type }) => type === "sessionEnded"));
    // Somebody who holds the product's secret and the name only.
    const twin = world.addLampTwin(lamp);
    await twin.boot();
    const stranger = await world.addPhone("stranger");
    const verdict = await world.verdict({}, { lamp: twin, phone: stranger });
    expect(verdict).toMatchObject({ verdict: "failed", code: "REGISTRATION_ACTIVATED" });
    await world.expectConnected();
    expect(cloud.broker.connectionCount).toBe(1);
  }),
);

test(
  "junk, strangers and questions end no session",
  story({}, async (world) => {
    const { lamp } = world;
    const stranger = await RawPhone.join(world, await world.addPhone("stranger"));
    const junk = [
      "",
      "x",
      "{",
      "[]",
      "null",
      '{"cmdType":9}',
      '{"cmdType":2}',
      '{"cmdType":1}',
      '{"cmdType":1,"ssid":7}',
    ];
    for (const datagram of junk) {
      await stranger.send(datagram);
      await world.clock.advance(300);
    }
    await stranger.send(new Uint8Array(1_400).fill(0x7b));
    await stranger.send('{"cmdType":3}');
    expect(await world.verdict()).toMatchObject({ verdict: "bound", attempts: 1 });
    expect(lamp.count("attemptFailed")).toBe(0);
    expect(stranger.errors.length).toBeGreaterThan(5);
    stranger.close();
  }),
);

test(
  "who comes with other credentials while an attempt is under way waits",
  story({}, async (world) => {
    const { lamp } = world;
    const stranger = await RawPhone.join(world, await world.addPhone("stranger"));
    world.cloud.server.latencyMs = 200;
    world.cloud.broker.latencyMs = 1_000;
    const running = world.provision();
    await world.until(() => lamp.count("connecting") === 1);
    await stranger.sendNetwork({ ssid: "Trap", passphrase: wrongPassphrase, token: unknownToken });
    await world.until(() => stranger.errors.length > 0);
    expect(stranger.errors[0]).toBe("PROVISIONING_ACTIVE");
    expect(await world.clock.complete(running.result, 60_000)).toMatchObject({ verdict: "bound" });
    expect(await lamp.keptSsid()).toBe("Home-WiFi");
    stranger.close();
  }),
);

test(
  "whether a device is bound can be asked afterwards, by its owner and by itself",
  story({}, async (world) => {
    const { lamp, phone, clock } = world;
    const token = await clock.complete(phone.account.createBindToken(), 10_000);
    expect(await clock.complete(phone.account.getBindTokenState(token), 10_000)).toEqual({ state: 1 });
    expect(await world.verdict({ token })).toMatchObject({ verdict: "bound" });
    const [productId, deviceName] = lamp.deviceId.split("/");
    const after = await clock.complete(phone.account.getBindTokenState(token), 10_000);
    expect(after).toEqual({ state: 2, productId, deviceName });
    expect(lamp.device.isProvisioningSuccessful()).toBe(true);
  }),
);

test(
  "an owner who gives the device up frees it for the next",
  story({ begins: "bound" }, async (world) => {
    const { lamp, clock } = world;
    await clock.complete(lamp.device.unbind(), 30_000);
    expect(await world.devicesOf()).toEqual([]);
    const friend = await world.addPhone("friend");
    await clock.complete(lamp.device.startSoftAp({ ssid: lamp.softApSsid }), 10_000);
    expect(await world.verdict({}, { phone: friend })).toMatchObject({ verdict: "bound" });
    expect(await world.devicesOf(friend)).toEqual([lamp.deviceId]);
  }),
);
