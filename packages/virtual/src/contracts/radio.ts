import { CancelSource, neverCanceled, type Radio } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { describe, expect } from "vitest";
import { type ContractWorld, type Criterion, criteria } from "./world.ts";

/** A router of this suite, in reach of the radio on a band that it has: WPA2, or open without a passphrase. */
export interface ContractRouter {
  /** Nobody hears of it any more. */
  switchOff(): Promise<void>;
  switchOn(): Promise<void>;
  /** Its DHCP server does not answer any more. */
  silenceDhcp(): Promise<void>;
}

/** A phone of this suite, in reach of the radio. */
export interface ContractPhone {
  /** Resolves when the phone is on the soft AP; rejects when it was not let in. */
  join(network: { ssid: Uint8Array; passphrase: Secret | undefined }): Promise<void>;
  leave(): Promise<void>;
}

/** A radio without a network, kept or joined, and what it can hear. `time` must be generous where the radio is real. */
export interface RadioWorld extends ContractWorld {
  readonly radio: Radio;
  /** How long a join may take here, and is given; a join that must run into it takes as long. Milliseconds. */
  readonly joinTimeoutMs: number;
  /** Resolves when the router can be joined. */
  addRouter(options: { ssid: Uint8Array; passphrase: Secret | undefined }): Promise<ContractRouter>;
  addPhone(): Promise<ContractPhone>;
  /** Ends the present radio without warning and gives what the restarted device finds; the routers stay. */
  restart(): Promise<Radio>;
}

type C = Criterion<RadioWorld>;

const signal = neverCanceled;
const home = { ssid: encodeUtf8("softap contract"), passphrase: Secret.of("abcd1234") };
const other = { ssid: encodeUtf8("softap other"), passphrase: Secret.of("wxyz9876") };
const wrongPassphrase = Secret.of("dcba4321");
const softAp = { ssid: encodeUtf8("softap device"), passphrase: Secret.of("for-phones"), channel: 6 };

/** The criteria of {@link Radio} with its station and its soft AP. */
export function radioContract(name: string, setup: () => Promise<RadioWorld>): void {
  stationContract(name, setup);
  keptNetworkContract(name, setup);
  softApContract(name, setup);
}

function stationContract(name: string, setup: () => Promise<RadioWorld>): void {
  const criterion = criteria(setup);

  describe(`Station of ${name}`, () => {
    criterion("a station begins idle", async ({ world }) => {
      expect(world.radio.station.status).toEqual({ state: "idle" });
    });

    criterion("scan() sees networks with their properties, strongest first", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(c.world.addRouter({ ...other, passphrase: undefined }));
      const seen = await c.settled(c.world.radio.station.scan({ signal }));
      const security = (ssid: Uint8Array) => seen.find((one) => String(one.ssid) === String(ssid))?.security;
      expect(security(home.ssid)).toBe("wpa2-psk");
      expect(security(other.ssid)).toBe("open");
      for (const { bssid, rssiDbm, channel, band } of seen) {
        expect(bssid).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
        expect(rssiDbm).toBeGreaterThanOrEqual(-100);
        expect(rssiDbm).toBeLessThan(0);
        expect(channel).toBeGreaterThan(0);
        expect(c.world.radio.capabilities.bands).toContain(band);
      }
      const signals = seen.map(({ rssiDbm }) => rssiDbm);
      expect(signals).toEqual(signals.toSorted((a, b) => b - a));
    });

    criterion("join() gives a lease, and the status holds it", async (c) => {
      await c.settled(c.world.addRouter(home));
      const joining = join(c, home);
      const lease = await c.settled(joining);
      expect(lease.ssid).toEqual(home.ssid);
      expect(lease.address).toMatch(/^(\d{1,3}\.){3}\d{1,3}$/);
      expect(lease.channel).toBeGreaterThan(0);
      expect(lease.rssiDbm).toBeLessThan(0);
      expect(c.world.radio.station.status).toEqual({ state: "joined", lease });
    });

    criterion("join() joins an open network", async (c) => {
      const open = { ssid: other.ssid, passphrase: undefined };
      await c.settled(c.world.addRouter(open));
      expect((await c.settled(join(c, open))).ssid).toEqual(other.ssid);
    });

    for (const ssid of ["你好 📶", ' a "b" \\c; ', "x".repeat(32)])
      criterion(`join() takes the name ${JSON.stringify(ssid)} byte by byte`, async (c) => {
        const network = { ssid: encodeUtf8(ssid), passphrase: home.passphrase };
        await c.settled(c.world.addRouter(network));
        expect((await c.settled(join(c, network))).ssid).toEqual(network.ssid);
      });

    criterion("join() tells a wrong passphrase, and the right one works afterwards", async (c) => {
      await c.settled(c.world.addRouter(home));
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const error = await c.failure(join(c, { ...home, passphrase: wrongPassphrase }));
        expect(error.code).toBe("WIFI_AUTH_FAILED");
        expect(c.world.radio.station.status).toEqual({ state: "idle" });
      }
      await c.settled(join(c, home));
      expect(c.world.radio.station.status.state).toBe("joined");
    });

    criterion("join() tells a network that is not there", async (c) => {
      expect((await c.failure(join(c, other))).code).toBe("WIFI_NOT_FOUND");
      expect(c.world.radio.station.status).toEqual({ state: "idle" });
    });

    criterion("join() tells a router that gives no address", async (c) => {
      const router = await c.settled(c.world.addRouter(home));
      await c.settled(router.silenceDhcp());
      expect((await c.failure(join(c, home))).code).toBe("WIFI_NO_ADDRESS");
      expect(c.world.radio.station.status).toEqual({ state: "idle" });
    });

    criterion("join() with a fired signal rejects with CANCELED and touches nothing", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(join(c, home));
      const source = new CancelSource();
      source.cancel("reason of the test");
      const error = await c.failure(join(c, other, source));
      expect(error.code).toBe("CANCELED");
      expect(error.cause).toBe("reason of the test");
      expect(c.world.radio.station.status.state).toBe("joined");
    });

    criterion("join() that is cancelled meanwhile leaves the station idle and able to join", async (c) => {
      const router = await c.settled(c.world.addRouter(home));
      await c.settled(c.world.addRouter(other));
      await c.settled(router.silenceDhcp());
      const source = new CancelSource();
      const joining = join(c, home, source);
      joining.catch(() => {});
      await c.until(() => c.world.radio.station.status.state === "joining");
      source.cancel();
      expect((await c.failure(joining)).code).toBe("CANCELED");
      expect(c.world.radio.station.status).toEqual({ state: "idle" });
      await c.settled(join(c, other));
    });

    criterion("a join behind a cancelled one waits for its end and then works", async (c) => {
      const router = await c.settled(c.world.addRouter(home));
      await c.settled(c.world.addRouter(other));
      await c.settled(router.silenceDhcp());
      const source = new CancelSource();
      const first = c.failure(join(c, home, source));
      await c.until(() => c.world.radio.station.status.state === "joining");
      source.cancel();
      const second = join(c, other);
      expect((await first).code).toBe("CANCELED");
      expect((await c.settled(second)).ssid).toEqual(other.ssid);
    });

    criterion("a second join replaces the first network", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(c.world.addRouter(other));
      let losses = 0;
      c.world.radio.station.onLost = () => {
        losses += 1;
      };
      await c.settled(join(c, home));
      const lease = await c.settled(join(c, other));
      expect(lease.ssid).toEqual(other.ssid);
      expect(c.world.radio.station.status).toEqual({ state: "joined", lease });
      expect(losses).toBe(0);
    });

    criterion(
      "onLost is called once when the router goes, and the network can be joined again",
      async (c) => {
        const router = await c.settled(c.world.addRouter(home));
        let losses = 0;
        c.world.radio.station.onLost = () => {
          losses += 1;
        };
        await c.settled(join(c, home));
        await c.settled(router.switchOff());
        await c.until(() => losses > 0);
        expect(c.world.radio.station.status).toEqual({ state: "idle" });
        await c.settled(router.switchOn());
        await c.settled(join(c, home));
        expect(losses).toBe(1);
      },
    );

    criterion("leave() disconnects, is idempotent and is no loss", async (c) => {
      await c.settled(c.world.addRouter(home));
      let losses = 0;
      c.world.radio.station.onLost = () => {
        losses += 1;
      };
      await c.settled(join(c, home));
      await c.settled(c.world.radio.station.leave({ signal }));
      await c.settled(c.world.radio.station.leave({ signal }));
      expect(c.world.radio.station.status).toEqual({ state: "idle" });
      await c.settled(join(c, home));
      expect(losses).toBe(0);
    });

    criterion("scan() with a fired signal rejects with CANCELED", async (c) => {
      const source = new CancelSource();
      source.cancel();
      const scanning = c.world.radio.station.scan({ signal: source.signal });
      expect((await c.failure(scanning)).code).toBe("CANCELED");
    });
  });
}

function keptNetworkContract(name: string, setup: () => Promise<RadioWorld>): void {
  const criterion = criteria(setup);

  describe(`Kept network of ${name}`, () => {
    criterion("join() keeps nothing", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(join(c, home));
      expect(await c.settled(c.world.radio.station.keptSsid({ signal }))).toBeUndefined();
      const radio = await c.settled(c.world.restart());
      expect(await c.settled(radio.station.keptSsid({ signal }))).toBeUndefined();
      expect((await c.failure(joinKept(c, radio))).code).toBe("WIFI_NOTHING_KEPT");
    });

    criterion("keep() without a join rejects with WIFI_NOT_JOINED", async (c) => {
      expect((await c.failure(c.world.radio.station.keep({ signal }))).code).toBe("WIFI_NOT_JOINED");
    });

    criterion("what was kept is there after a restart and can be joined", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(join(c, home));
      await c.settled(c.world.radio.station.keep({ signal }));
      expect(await c.settled(c.world.radio.station.keptSsid({ signal }))).toEqual(home.ssid);
      const radio = await c.settled(c.world.restart());
      expect(await c.settled(radio.station.keptSsid({ signal }))).toEqual(home.ssid);
      expect((await c.settled(joinKept(c, radio))).ssid).toEqual(home.ssid);
    });

    criterion("a failed join leaves what is kept, and joinKept() brings it back", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(c.world.addRouter(other));
      const { station } = c.world.radio;
      await c.settled(join(c, home));
      await c.settled(station.keep({ signal }));
      expect((await c.failure(join(c, { ...other, passphrase: wrongPassphrase }))).code).toBe(
        "WIFI_AUTH_FAILED",
      );
      expect(await c.settled(station.keptSsid({ signal }))).toEqual(home.ssid);
      expect((await c.settled(joinKept(c, c.world.radio))).ssid).toEqual(home.ssid);
    });

    criterion("keep() replaces what was kept", async (c) => {
      await c.settled(c.world.addRouter(home));
      await c.settled(c.world.addRouter(other));
      const { station } = c.world.radio;
      await c.settled(join(c, home));
      await c.settled(station.keep({ signal }));
      await c.settled(join(c, other));
      expect(await c.settled(station.keptSsid({ signal }))).toEqual(home.ssid);
      await c.settled(station.keep({ signal }));
      const radio = await c.settled(c.world.restart());
      expect((await c.settled(joinKept(c, radio))).ssid).toEqual(other.ssid);
    });

    criterion("leave() leaves what is kept; forget() does not", async (c) => {
      await c.settled(c.world.addRouter(home));
      const { station } = c.world.radio;
      await c.settled(join(c, home));
      await c.settled(station.keep({ signal }));
      await c.settled(station.leave({ signal }));
      expect(await c.settled(station.keptSsid({ signal }))).toEqual(home.ssid);
      await c.settled(joinKept(c, c.world.radio));
      await c.settled(station.forget({ signal }));
      expect(station.status).toEqual({ state: "idle" });
      expect(await c.settled(station.keptSsid({ signal }))).toBeUndefined();
      expect((await c.failure(joinKept(c, c.world.radio))).code).toBe("WIFI_NOTHING_KEPT");
      const radio = await c.settled(c.world.restart());
      expect(await c.settled(radio.station.keptSsid({ signal }))).toBeUndefined();
    });
  });
}

function softApContract(name: string, setup: () => Promise<RadioWorld>): void {
  const criterion = criteria(setup);

  describe(`SoftAp of ${name}`, () => {
    criterion("phones come and go, and are counted", async (c) => {
      const phone = await c.settled(c.world.addPhone());
      const counts: number[] = [];
      c.world.radio.softAp.onStationCount = (count) => counts.push(count);
      await c.settled(c.world.radio.softAp.start(softAp, { signal }));
      expect(c.world.radio.softAp.isUp).toBe(true);
      expect(c.world.radio.softAp.stationCount).toBe(0);
      await c.settled(phone.join(softAp));
      await c.until(() => c.world.radio.softAp.stationCount === 1);
      await c.settled(phone.leave());
      await c.until(() => c.world.radio.softAp.stationCount === 0);
      expect(counts).toEqual([1, 0]);
    });

    criterion("a phone with a wrong passphrase is not let in", async (c) => {
      const phone = await c.settled(c.world.addPhone());
      await c.settled(c.world.radio.softAp.start(softAp, { signal }));
      const outcome = phone.join({ ...softAp, passphrase: wrongPassphrase }).then(
        () => "joined",
        () => "refused",
      );
      expect(await c.settled(outcome)).toBe("refused");
      expect(c.world.radio.softAp.stationCount).toBe(0);
    });

    criterion("an open soft AP lets phones in without a passphrase", async (c) => {
      const phone = await c.settled(c.world.addPhone());
      const open = { ssid: softAp.ssid, passphrase: undefined };
      await c.settled(c.world.radio.softAp.start(open, { signal }));
      await c.settled(phone.join(open));
      await c.until(() => c.world.radio.softAp.stationCount === 1);
    });

    criterion("start() with the same options leaves phones alone", async (c) => {
      const phone = await c.settled(c.world.addPhone());
      const counts: number[] = [];
      await c.settled(c.world.radio.softAp.start(softAp, { signal }));
      await c.settled(phone.join(softAp));
      await c.until(() => c.world.radio.softAp.stationCount === 1);
      c.world.radio.softAp.onStationCount = (count) => counts.push(count);
      await c.settled(
        c.world.radio.softAp.start({ ...softAp, passphrase: Secret.of("for-phones") }, { signal }),
      );
      expect(c.world.radio.softAp.stationCount).toBe(1);
      expect(counts).toEqual([]);
    });

    criterion("start() with other options opens the other soft AP", async (c) => {
      const phone = await c.settled(c.world.addPhone());
      await c.settled(c.world.radio.softAp.start(softAp, { signal }));
      const renamed = { ...softAp, ssid: encodeUtf8("softap renamed") };
      await c.settled(c.world.radio.softAp.start(renamed, { signal }));
      await c.settled(phone.join(renamed));
      await c.until(() => c.world.radio.softAp.stationCount === 1);
    });

    criterion("stop() drops phones and is idempotent; start() works again", async (c) => {
      const phone = await c.settled(c.world.addPhone());
      const { softAp: opened } = c.world.radio;
      await c.settled(opened.stop({ signal }));
      await c.settled(opened.start(softAp, { signal }));
      await c.settled(phone.join(softAp));
      await c.until(() => opened.stationCount === 1);
      await c.settled(opened.stop({ signal }));
      expect(opened.isUp).toBe(false);
      expect(opened.stationCount).toBe(0);
      await c.settled(opened.stop({ signal }));
      await c.settled(opened.start(softAp, { signal }));
      await c.settled(phone.join(softAp));
      await c.until(() => opened.stationCount === 1);
    });

    criterion("start() refuses what no radio can do with SOFTAP_START_FAILED", async (c) => {
      const unfit = [
        { ...softAp, ssid: new Uint8Array() },
        { ...softAp, ssid: new Uint8Array(33).fill(97) },
        { ...softAp, passphrase: Secret.of("short") },
        { ...softAp, channel: 200 },
      ];
      for (const options of unfit)
        expect((await c.failure(c.world.radio.softAp.start(options, { signal }))).code).toBe(
          "SOFTAP_START_FAILED",
        );
      expect(c.world.radio.softAp.isUp).toBe(false);
    });

    criterion("start() with a fired signal rejects with CANCELED and opens nothing", async (c) => {
      const source = new CancelSource();
      source.cancel();
      const starting = c.world.radio.softAp.start(softAp, { signal: source.signal });
      expect((await c.failure(starting)).code).toBe("CANCELED");
      expect(c.world.radio.softAp.isUp).toBe(false);
    });

    criterion("the soft AP outlives a join exactly where the capabilities say so", async (c) => {
      const { radio } = c.world;
      await c.settled(c.world.addRouter(home));
      await c.settled(radio.softAp.start(softAp, { signal }));
      await c.settled(join(c, home));
      expect(radio.softAp.isUp).toBe(radio.capabilities.softApWhileStation);
    });

    criterion("after a failed join the soft AP is up, or can be started again", async (c) => {
      const { radio } = c.world;
      const phone = await c.settled(c.world.addPhone());
      await c.settled(c.world.addRouter(home));
      await c.settled(radio.softAp.start(softAp, { signal }));
      await c.failure(join(c, { ...home, passphrase: wrongPassphrase }));
      expect(radio.softAp.isUp).toBe(radio.capabilities.softApWhileStation);
      await c.settled(radio.softAp.start(softAp, { signal }));
      await c.settled(phone.join(softAp));
      await c.until(() => radio.softAp.stationCount === 1);
    });
  });
}

function join(c: C, network: { ssid: Uint8Array; passphrase: Secret | undefined }, source?: CancelSource) {
  const options = { timeoutMs: c.world.joinTimeoutMs, signal: source?.signal ?? signal };
  return c.world.radio.station.join(network, options);
}

function joinKept(c: C, radio: Radio) {
  return radio.station.joinKept({ timeoutMs: c.world.joinTimeoutMs, signal });
}
