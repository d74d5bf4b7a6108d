import { describe, expect, test } from "vitest";
import { ProvisioningState } from "@softap/device";
import { neverCanceled } from "@softap/ports";
import { decodeReply, encodeUtf8 } from "@softap/protocol";
import { World } from "./world.ts";

const trace = "0a1b2c3d";

describe("a device and an old phone", () => {
  test("end bound: info at once and twice more, no status, token at the cloud, network kept", async () => {
    const world = new World();
    const phone = await world.open();
    expect(world.device.queryState()).toBe(ProvisioningState.goingOn);
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.steps).toEqual([
      "softApStarted",
      "phoneJoined",
      "credentialsReceived",
      "joiningNetwork",
      "networkJoined",
      "connecting",
      "reportingToken",
      "tokenAccepted",
      "bound",
    ]);
    expect(world.cloud.tokens).toEqual(["t".repeat(32)]);
    await world.clock.advance(5_000);
    expect(phone.heard.map(({ atMs, reply }) => [atMs, reply.type])).toEqual([
      [4, "info"],
      [1_004, "info"],
      [2_004, "info"],
    ]);
    expect(phone.infos.every(({ status }) => status === undefined)).toBe(true);
    const kept = await world.radio.station.keptSsid({ signal: neverCanceled });
    expect(kept).toEqual(encodeUtf8("Home-WiFi"));
    expect(await world.stored("softap.pending")).toBeUndefined();
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("end bound over TCP, with and without a line end", async () => {
    for (const end of ["\r\n", ""]) {
      const world = new World();
      await world.open();
      const stream = await world.clock.complete(
        world.phoneHost.streams.connect({
          to: { address: "192.168.4.1", port: 8266 },
          signal: neverCanceled,
        }),
        5_000,
      );
      const heard: string[] = [];
      stream.onBytes = (bytes) => heard.push(Buffer.from(bytes).toString());
      const request = `{"cmdType":1,"ssid":"Home-WiFi","password":"abcd1234","token":"tcp"}${end}`;
      await stream.write(encodeUtf8(request.slice(0, 20)), { signal: neverCanceled });
      await stream.write(encodeUtf8(request.slice(20)), { signal: neverCanceled });
      await world.until(() => world.device.isProvisioningSuccessful());
      expect(decodeReply(encodeUtf8(heard.join("")))).toMatchObject({ type: "info", deviceName: "lamp-1" });
      expect(world.cloud.tokens).toEqual(["tcp"]);
      expect((await world.end()).timers).toEqual([]);
    }
  });

  test("every repetition is answered and none restarts the join", async () => {
    const world = new World({ joinMs: 3_000 });
    const phone = await world.open();
    for (let copy = 0; copy < 6; copy++) {
      await phone.sendNetwork({});
      await world.clock.advance(400);
    }
    expect(phone.infos).toHaveLength(6);
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(1);
    expect(world.cloud.tokens).toHaveLength(1);
    await world.end();
  });
});

describe("a device and a phone of ours", () => {
  test("the phone is told every phase and the verdict without asking", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ trace });
    await world.until(() => phone.phases.includes("bound"));
    expect(phone.phases).toEqual(["joining", "joined", "connecting", "reporting", "bound"]);
    expect(phone.infos.at(-1)?.status).toMatchObject({ attempt: 1 });
    expect(world.cloud.received[0]).toMatchObject({ method: "app_bind_token", trace });
    const [report] = world.cloud.received;
    expect(report?.method === "app_bind_token" ? report.pairTime : {}).toMatchObject({
      start: 0,
      wifiConnected: 302,
    });
    await world.end();
  });

  test("the soft AP closes when the phone leaves, and answers until then", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ trace });
    await world.until(() => phone.phases.includes("bound"));
    await phone.sendNetwork({ trace });
    await world.clock.advance(50);
    expect(phone.infos.at(-1)?.status?.phase).toBe("bound");
    expect(world.radio.softAp.isUp).toBe(true);
    await world.clock.complete(world.phoneWifi.restore({ signal: neverCanceled }), 10_000);
    await world.clock.settle();
    expect(world.radio.softAp.isUp).toBe(false);
    expect(world.device.isProvisioningSuccessful()).toBe(true);
    await world.end();
  });

  test("the soft AP closes 10 s after the binding when the phone stays", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({ trace });
    await world.until(() => phone.phases.includes("bound"));
    await world.clock.advance(9_900);
    expect(world.radio.softAp.isUp).toBe(true);
    await world.clock.advance(200);
    expect(world.radio.softAp.isUp).toBe(false);
    await world.end();
  });

  test("30 % loss each way does not keep it from ending bound", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new World({ seed, loss: 0.3 });
      const phone = await world.open();
      for (let tries = 0; tries < 100 && phone.infos.length === 0; tries++) {
        await phone.sendNetwork({ trace });
        await world.clock.advance(200);
      }
      await world.until(() => world.device.isProvisioningSuccessful(), 60_000);
      expect(world.cloud.tokens).toHaveLength(1);
      await world.end();
    }
  });
});

describe("a session", () => {
  test("steps() shows every step of it to each reader and ends with the verdict", async () => {
    const world = new World();
    const early: string[] = [];
    const reading = (async () => {
      for await (const { number, name } of world.device.steps()) early.push(`${number} ${name}`);
    })();
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.complete(reading, 10_000);
    expect(early).toMatchInlineSnapshot(`
      [
        "1 softApStarted",
        "2 phoneJoined",
        "3 credentialsReceived",
        "4 joiningNetwork",
        "5 networkJoined",
        "7 connecting",
        "8 reportingToken",
        "9 tokenAccepted",
        "10 bound",
      ]
    `);
    await world.end();
  });

  test("ends after 300 s without a phone, and says so", async () => {
    const world = new World({ device: { supervisor: { policy: "button" } } });
    await world.clock.complete(world.device.startSoftAp({ ssid: "lamp" }), 1_000);
    await world.clock.advance(299_900);
    expect(world.device.queryState()).toBe(ProvisioningState.goingOn);
    await world.clock.advance(200);
    expect(world.device.queryState()).toBe(ProvisioningState.failed);
    expect(world.radio.softAp.isUp).toBe(false);
    expect(world.stepList.at(-1)).toMatchObject({
      name: "sessionEnded",
      code: "SESSION_EXPIRED",
      attempt: 0,
    });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("is opened anew by policy auto as long as nothing is kept", async () => {
    const world = new World();
    await world.clock.complete(world.device.start(), 1_000);
    expect(world.radio.softAp.isUp).toBe(true);
    await world.clock.advance(301_500);
    expect(world.radio.softAp.isUp).toBe(true);
    expect(world.steps.filter((name) => name === "softApStarted")).toHaveLength(2);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("startSoftAp() replaces one that waits and is refused while an attempt is under way", async () => {
    const world = new World({ joinMs: 5_000 });
    await world.clock.complete(world.device.start(), 1_000);
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.advance(100);
    await expect(world.device.startSoftAp({ ssid: "other" })).rejects.toMatchObject({
      code: "PROVISIONING_ACTIVE",
    });
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.end();
  });

  test("cmdType 0 binds a device that has its network already", async () => {
    const world = new World();
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    await world.clock.advance(20_000);
    expect(world.radio.station.status.state).toBe("joined");
    await world.clock.complete(world.device.startSoftAp({ ssid: "lamp" }), 1_000);
    const second = await world.phone();
    await second.send('{"cmdType":0,"token":"second"}');
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.cloud.tokens).toEqual(["t".repeat(32), "second"]);
    expect(world.radio.history.filter(({ what }) => what === "joinStarted")).toHaveLength(1);
    expect(world.cloud.usernames).toHaveLength(1);
    await world.end();
  });

  test("stop() in the middle keeps the journal, and the next start goes on", async () => {
    const world = new World({ joinMs: 5_000 });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.clock.advance(1_000);
    await world.clock.complete(world.device.stop(), 5_000);
    expect(world.stepList.at(-1)).toMatchObject({ name: "sessionEnded", attempt: 1 });
    expect(world.radio.softAp.isUp).toBe(false);
    await world.clock.complete(world.device.stop(), 5_000);
    await world.clock.complete(world.device.start(), 5_000);
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.cloud.tokens).toEqual(["t".repeat(32)]);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("an event listener that throws is logged and harms nobody", async () => {
    const world = new World();
    const end = world.device.onEvent(() => {
      throw new Error("application");
    });
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(world.log.lines.join()).toContain("event listener threw");
    end();
    await world.end();
  });
});
