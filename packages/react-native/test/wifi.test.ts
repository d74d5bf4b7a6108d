import { CancelSource, neverCanceled } from "@softap/ports";
import { encodeUtf8, isSoftApError, Secret } from "@softap/protocol";
import { type NativeWifi, ReactNativeClock, ReactNativeWifi } from "@softap/react-native";
import { MemoryLog } from "@softap/virtual";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { virtualTimers } from "./stand-in/virtual-globals.ts";
import { type HandsetOptions, softAp, VirtualHandset } from "./stand-in/virtual-handset.ts";
import { VirtualWifi } from "./stand-in/virtual-wifi.ts";

const signal = neverCanceled;
const android: HandsetOptions = { system: "android", isAppOnly: true, hasMobileData: true };

async function world(options: HandsetOptions = android, permit?: () => Promise<boolean>) {
  const handset = await VirtualHandset.open(options);
  const native = new VirtualWifi(handset);
  const log = new MemoryLog(handset.clock);
  const switches: string[] = [];
  const clock = new ReactNativeClock(virtualTimers(handset.clock));
  const wifi = new ReactNativeWifi({
    wifi: native,
    platform: options.system,
    clock,
    log,
    onSwitched: async () => void switches.push(`${handset.place}, tied ${handset.tie !== undefined}`),
    ...(permit === undefined ? {} : { permit }),
  });
  const settled = <T>(work: Promise<T>): Promise<T> => handset.clock.complete(work, 120_000);
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    settled(
      work.then(
        () => "no error",
        (error: unknown) => (isSoftApError(error) ? error.code : String(error)),
      ),
    );
  return { handset, native, wifi, log, switches, settled, codeOf };
}

describe("joinSoftAp() and restore()", () => {
  test("tie an Android app to the soft AP and let go of it, telling of each change", async () => {
    const { wifi, native, switches, settled, handset } = await world();
    await settled(wifi.joinSoftAp(softAp, { signal }));
    expect([handset.place, handset.isOnline]).toEqual(["softAp", false]);
    await settled(wifi.restore({ signal }));
    expect([handset.place, handset.isOnline, handset.tie]).toEqual(["home", true, undefined]);
    expect(native.calls).toEqual(["connect", "force true", "force false", "disconnect", "remove"]);
    expect(switches).toEqual(["softAp, tied true", "nowhere, tied false"]);
    expect(handset.clock.pendingCount).toBe(0);
  });

  test("use none of Android's calls on iOS", async () => {
    const { wifi, native, settled, handset, log } = await world({ system: "ios" });
    await settled(wifi.joinSoftAp(softAp, { signal }));
    await settled(wifi.restore({ signal }));
    expect(native.calls).toEqual(["connect", "disconnect"]);
    expect(handset.place).toBe("home");
    expect(log.lines).toEqual([]);
  });

  test("go on without a tie that does not come about, and say so", async () => {
    const { wifi, native, settled, log, handset } = await world();
    native.neverTies = true;
    const beganMs = handset.clock.monotonicMs();
    await settled(wifi.joinSoftAp(softAp, { signal }));
    expect(handset.clock.monotonicMs() - beganMs).toBeLessThan(6_000);
    expect(log.entries.map(({ text }) => text)).toEqual(["app not tied to the soft AP"]);
    await settled(wifi.restore({ signal }));
    expect(handset.place).toBe("home");
  });

  test("take a phone that stayed where it was for a refused passphrase, whatever the system says", async () => {
    const { wifi, codeOf, handset } = await world();
    const wrong = { ...softAp, passphrase: Secret.of("not-the-one") };
    expect(await codeOf(wifi.joinSoftAp(wrong, { signal }))).toBe("WIFI_AUTH_FAILED");
    expect(await codeOf(wifi.joinSoftAp({ ...wrong, passphrase: undefined }, { signal }))).toBe(
      "WIFI_JOIN_TIMEOUT",
    );
    expect(await codeOf(wifi.restore({ signal }))).toBe("no error");
    expect(handset.clock.pendingCount).toBe(0);
  });

  test("wait for the phone's way home no longer than 12 s", async () => {
    const { wifi, settled, handset, log } = await world();
    await settled(wifi.joinSoftAp(softAp, { signal }));
    handset.home.switchOff();
    const beganMs = handset.clock.monotonicMs();
    await settled(wifi.restore({ signal }));
    expect(handset.clock.monotonicMs() - beganMs).toBeLessThan(13_000);
    expect(log.entries.map(({ text }) => text)).toEqual(["phone not seen on its former network"]);
    expect(handset.isOnline).toBe(true);
  });

  test("undo a join that the person allows after it was cancelled", async () => {
    const { wifi, native, codeOf, handset, settled } = await world();
    native.consentMs = 8_000;
    const source = new CancelSource();
    const joining = codeOf(wifi.joinSoftAp(softAp, { signal: source.signal }));
    await handset.clock.settle();
    source.cancel();
    expect(await joining).toBe("CANCELED");
    await settled(wifi.restore({ signal }));
    await handset.clock.advanceUntil(() => handset.place === "softAp", 20_000);
    await handset.clock.advanceUntil(() => handset.place === "home", 20_000);
    expect(handset.tie).toBeUndefined();
  });

  test("wait for a join that the system is still busy with before the next one", async () => {
    const { wifi, native, codeOf, handset } = await world();
    native.consentMs = 2_000;
    const source = new CancelSource();
    const first = codeOf(wifi.joinSoftAp(softAp, { signal: source.signal }));
    await handset.clock.settle();
    source.cancel();
    await first;
    expect(await codeOf(wifi.joinSoftAp(softAp, { signal }))).toBe("no error");
    expect(handset.place).toBe("softAp");
    expect(handset.tie).toBe(handset.connection);
    expect(native.calls).toEqual(["connect", "connect", "force true"]);
  });

  test("ask for the permission first, and touch nothing without it", async () => {
    const answers = [false, true];
    const { wifi, native, codeOf } = await world(android, async () => answers.shift() ?? false);
    expect(await codeOf(wifi.joinSoftAp(softAp, { signal }))).toBe("PERMISSION_DENIED");
    expect(native.calls).toEqual([]);
    expect(await codeOf(wifi.joinSoftAp(softAp, { signal }))).toBe("no error");
  });

  test("refuse a name that is not UTF-8", async () => {
    const { wifi, codeOf } = await world();
    const ssid = Uint8Array.of(0xff, 0xfe);
    expect(await codeOf(wifi.joinSoftAp({ ssid, passphrase: undefined }, { signal }))).toBe("USAGE");
  });
});

/** A module of which only the calls that a test needs exist. */
function fakeWifi(given: Partial<NativeWifi>): NativeWifi {
  const missing = async (): Promise<never> => {
    throw new TypeError("undefined is not a function");
  };
  return {
    connectToProtectedWifiSSID: missing,
    getCurrentWifiSSID: missing,
    forceWifiUsageWithOptions: missing,
    disconnect: missing,
    isRemoveWifiNetwork: missing,
    disconnectFromSSID: missing,
    ...given,
  };
}

function wifiOf(given: Partial<NativeWifi>): ReactNativeWifi {
  const clock = new ReactNativeClock(globalThis);
  return new ReactNativeWifi({ wifi: fakeWifi(given), platform: "android", clock });
}

describe("joinSoftAp()", () => {
  for (const [said, code] of [
    ["authenticationErrorOccurred", "WIFI_AUTH_FAILED"],
    ["AuthenticationErrorOccurred", "WIFI_AUTH_FAILED"],
    ["invalidPassphrase", "WIFI_AUTH_FAILED"],
    ["didNotFindNetwork", "WIFI_NOT_FOUND"],
    ["DidNotFindNetworkByScanning", "WIFI_NOT_FOUND"],
    ["timeoutOccurred", "WIFI_JOIN_TIMEOUT"],
    ["unableToConnect", "WIFI_JOIN_TIMEOUT"],
    ["android10ImmediatelyDroppedConnection", "WIFI_JOIN_TIMEOUT"],
    ["couldNotScan", "WIFI_JOIN_TIMEOUT"],
    ["userDenied", "PERMISSION_DENIED"],
    ["locationPermissionMissing", "PERMISSION_DENIED"],
    ["LocationPermissionMissing", "PERMISSION_DENIED"],
    ["locationPermissionDenied", "PERMISSION_DENIED"],
    ["locationPermissionRestricted", "PERMISSION_DENIED"],
    ["locationServicesOff", "PERMISSION_DENIED"],
    ["couldNotEnableWifi", "WIFI_BLOCKED"],
    ["couldNotGetConnectivityManager", "WIFI_BLOCKED"],
    ["invalidSSID", "USAGE"],
    ["unavailableForOSVersion", "USAGE"],
    ["somethingNew", "WIFI_JOIN_TIMEOUT"],
    [undefined, "WIFI_JOIN_TIMEOUT"],
  ] as const)
    test(`tells ${said ?? "an error without a code"} as ${code}, without the names in its text`, async () => {
      const passphrase = Secret.of("canary-passphrase");
      const wifi = wifiOf({
        connectToProtectedWifiSSID: ({ ssid }) =>
          Promise.reject(
            Object.assign(new Error(`Could not add ${ssid}`), said === undefined ? {} : { code: said }),
          ),
      });
      const network = { ssid: encodeUtf8("canary-name"), passphrase };
      const error: unknown = await wifi.joinSoftAp(network, { signal }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code });
      expect(isSoftApError(error) && error.message).not.toContain("canary");
      expect(inspect(error)).not.toContain("canary-passphrase");
    });

  test("takes a method that the module does not have for a failure, not for the end of the app", async () => {
    await expect(wifiOf({}).joinSoftAp(softAp, { signal })).rejects.toMatchObject({
      code: "WIFI_JOIN_TIMEOUT",
    });
  });
});

describe("currentSsid()", () => {
  for (const [told, name] of [
    ["Home-WiFi", "Home-WiFi"],
    ['"Home-WiFi"', "Home-WiFi"],
    ['"', '"'],
    ["你好 📶", "你好 📶"],
    ["<unknown ssid>", undefined],
    ["", undefined],
  ] as const)
    test(`takes ${JSON.stringify(told)} for ${name ?? "no network"}`, async () => {
      const wifi = wifiOf({ getCurrentWifiSSID: async () => told });
      expect(await wifi.currentSsid({ signal })).toEqual(name === undefined ? undefined : encodeUtf8(name));
    });

  test("is undefined where the app may not know", async () => {
    expect(await wifiOf({}).currentSsid({ signal })).toBeUndefined();
  });
});

test("ReactNativeWifi refuses a platform that has no Wi-Fi for apps", () => {
  const clock = new ReactNativeClock(globalThis);
  expect(() => new ReactNativeWifi({ wifi: fakeWifi({}), platform: "web", clock })).toThrow(
    expect.objectContaining({ code: "USAGE" }),
  );
});
