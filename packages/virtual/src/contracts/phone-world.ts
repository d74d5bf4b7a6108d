import { CancelSource, neverCanceled } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { describe, expect } from "vitest";
import { asBefore, type PhoneWorld, Scene, start, told } from "./phone-world-scene.ts";
import { criteria, patternBytes } from "./world.ts";

/** Every step of a provisioning on a soft AP, in the order in which they first happen. */
const steps = [
  "createToken",
  "joinSoftAp",
  "sendCredentials",
  "deviceAnswered",
  "deviceProgress",
  "restoreNetwork",
  "askCloud",
  "bindFamily",
] as const;

/** Codes for a soft AP that is not there, or not to be joined like this: systems tell more or less. */
const notJoined = ["WIFI_NOT_FOUND", "WIFI_JOIN_TIMEOUT"];
const notAdmitted = ["WIFI_AUTH_FAILED", ...notJoined, "DEVICE_SILENT"];

const signal = neverCanceled;

/** The criteria of a phone's world as a whole: whatever happens to a provisioning, nothing stays behind. */
export function phoneWorldContract(name: string, setup: () => Promise<PhoneWorld>): void {
  const criterion = criteria(async () => Scene.open(await setup()));

  describe(`phone world of ${name}`, () => {
    criterion("a provisioning is bound, and its first datagram is answered", async (c) => {
      const { scene, run } = start(c);
      const answered = told(run, "deviceAnswered");
      expect(await c.settled(run.result)).toMatchObject({ verdict: "bound" });
      expect((await c.settled(answered))?.sends).toBe(1);
      expect(scene.cloud.bound).toHaveLength(1);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion("a provisioning after another is bound as well", async (c) => {
      for (let number = 1; number <= 2; number += 1) {
        const { scene, run } = start(c);
        expect(await c.settled(run.result)).toMatchObject({ verdict: "bound" });
        expect(scene.cloud.bound).toHaveLength(number);
        expect(await scene.atRest(c)).toEqual(asBefore);
      }
    });

    for (const step of steps)
      criterion(`cancelling at ${step} leaves nothing behind`, async (c) => {
        const { scene, run } = start(c);
        expect(await c.settled(told(run, step))).toBeDefined();
        run.cancel("reason of the test");
        expect(await c.settled(run.result)).toMatchObject({ verdict: "failed", code: "CANCELED" });
        expect(await scene.atRest(c)).toEqual(asBefore);
      });

    criterion("cancelling before anything happened does nothing to the phone", async (c) => {
      const source = new CancelSource();
      source.cancel();
      const { scene, run } = start(c, { signal: source.signal });
      expect(await c.settled(run.result)).toMatchObject({ verdict: "failed", code: "CANCELED" });
      expect(scene.device.heard).toEqual([]);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    for (const step of ["joinSoftAp", "sendCredentials", "restoreNetwork"] as const)
      criterion(`a screen that is left at ${step} gives everything back with nobody waiting`, async (c) => {
        const source = new CancelSource();
        const { scene, run } = start(c, { signal: source.signal });
        await c.settled(told(run, step));
        source.cancel("the screen is gone");
        expect(await scene.atRest(c)).toEqual(asBefore);
      });

    criterion("a provisioning that nobody watches goes its way", async (c) => {
      const { scene } = start(c);
      await c.until(() => scene.cloud.bound.length === 1);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion(
      "two starts in one turn: one is bound, the other refused with PROVISIONING_ACTIVE",
      async (c) => {
        const { scene, run } = start(c);
        const { run: second } = start(c);
        const verdicts = await c.settled(Promise.all([run.result, second.result]));
        expect(verdicts.map(({ verdict }) => verdict).toSorted()).toEqual(["bound", "failed"]);
        expect(verdicts.flatMap(({ code }) => code ?? [])).toEqual(["PROVISIONING_ACTIVE"]);
        expect(scene.cloud.bound).toHaveLength(1);
        expect(await scene.atRest(c)).toEqual(asBefore);
      },
    );

    criterion("a second start does not disturb the first, and a third works after it", async (c) => {
      const { scene, run } = start(c);
      scene.device.manner = "waits";
      await c.settled(told(run, "deviceAnswered"));
      const second = await c.settled(start(c).run.result);
      expect(second).toMatchObject({ verdict: "failed", code: "PROVISIONING_ACTIVE" });
      scene.device.finish();
      expect(await c.settled(run.result)).toMatchObject({ verdict: "bound" });
      scene.device.manner = "finishes";
      expect(await c.settled(start(c).run.result)).toMatchObject({ verdict: "bound" });
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion("a refused permission is told as such, and nothing is sent", async (c) => {
      c.world.phone.refusePermission();
      const { scene, run } = start(c);
      expect(await c.settled(run.result)).toMatchObject({ verdict: "failed", code: "PERMISSION_DENIED" });
      expect(scene.device.heard).toEqual([]);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion("a soft AP that is not there is told as such", async (c) => {
      const softAp = { ssid: patternBytes(8, 3).map((byte) => 97 + (byte % 26)) };
      const { scene, run } = start(c, { softAp });
      const { verdict, code } = await c.settled(run.result);
      expect(verdict).toBe("failed");
      expect(notJoined).toContain(code);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion("a wrong passphrase of the soft AP is never taken for success", async (c) => {
      const { ssid } = c.world.phone.softAp;
      const { scene, run } = start(c, { softAp: { ssid, passphrase: Secret.of("not-the-right-one") } });
      const { verdict, code } = await c.settled(run.result);
      expect(verdict).toBe("failed");
      expect(notAdmitted).toContain(code);
      expect(scene.device.heard).toEqual([]);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion("a device that says nothing is told as such", async (c) => {
      c.world.device.manner = "silent";
      const { scene, run } = start(c);
      expect(await c.settled(run.result)).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT" });
      expect(scene.device.heard.length).toBeGreaterThan(1);
      expect(await scene.atRest(c)).toEqual(asBefore);
    });

    criterion(
      "a phone that is switched away once the device has answered is bound by way of the cloud",
      async (c) => {
        c.world.device.manner = "waits";
        const { scene, run } = start(c);
        await c.settled(told(run, "deviceAnswered"));
        scene.phone.switchNetwork();
        scene.device.finish();
        expect(await c.settled(run.result)).toMatchObject({ verdict: "bound" });
        expect(await scene.atRest(c)).toEqual(asBefore);
      },
    );

    criterion(
      "a phone that is switched away before the device answered says so, and goes home",
      async (c) => {
        c.world.device.manner = "silent";
        const { scene, run } = start(c);
        await c.settled(told(run, "sendCredentials"));
        scene.phone.switchNetwork();
        expect(await c.settled(run.result)).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT" });
        expect(await scene.atRest(c)).toEqual(asBefore);
      },
    );

    for (const when of ["before", "after"] as const)
      criterion(`a socket opened ${when} joining loses no datagram sent after it`, async (c) => {
        const { phone, device } = c.world;
        const { datagrams, wifi } = phone.ports;
        const open = () => c.settled(datagrams.open({ port: 0, signal }));
        const early = when === "before" ? await open() : undefined;
        await c.settled(wifi.joinSoftAp(phone.softAp, { signal }));
        const socket = early ?? (await open());
        const answers: number[] = [];
        socket.onDatagram = (datagram) => answers.push(datagram.length);
        const to = { address: phone.device.address, port: device.port };
        for (const size of [1, 2, 3, 4, 5]) await c.settled(socket.send(patternBytes(size), to, { signal }));
        await c.until(() => answers.length === 5);
        expect(device.heard.map(({ length }) => length)).toEqual([1, 2, 3, 4, 5]);
        socket.close();
        await c.settled(wifi.restore({ signal }));
        expect(await c.world.atRest(c)).toEqual(asBefore);
      });

    criterion("currentSsid() follows the phone to the soft AP and back, where it may be known", async (c) => {
      const { ports, softAp } = c.world.phone;
      const home = await c.settled(ports.wifi.currentSsid({ signal }));
      await c.settled(ports.wifi.joinSoftAp(softAp, { signal }));
      const away = await c.settled(ports.wifi.currentSsid({ signal }));
      expect([undefined, softAp.ssid]).toContainEqual(away);
      await c.settled(ports.wifi.restore({ signal }));
      expect(await c.settled(ports.wifi.currentSsid({ signal }))).toEqual(home);
      expect(await c.world.atRest(c)).toEqual(asBefore);
    });

    criterion("restore() without a join before it, and a second one, do nothing", async (c) => {
      const { ports, softAp } = c.world.phone;
      await c.settled(ports.wifi.restore({ signal }));
      await c.settled(ports.wifi.joinSoftAp(softAp, { signal }));
      await c.settled(ports.wifi.restore({ signal }));
      await c.settled(ports.wifi.restore({ signal }));
      expect(await c.world.atRest(c)).toEqual(asBefore);
    });

    criterion(
      "joinSoftAp() with a fired signal rejects with CANCELED and leaves the phone at home",
      async (c) => {
        const { ports, softAp } = c.world.phone;
        const source = new CancelSource();
        source.cancel("reason of the test");
        const error = await c.failure(ports.wifi.joinSoftAp(softAp, { signal: source.signal }));
        expect([error.code, error.cause]).toEqual(["CANCELED", "reason of the test"]);
        expect(await c.world.atRest(c)).toEqual(asBefore);
      },
    );
  });
}
