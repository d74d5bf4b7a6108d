import { writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { neverCanceled, type SeenNetwork, silentLog } from "@softap/ports";
import { encodeUtf8, Secret, softApError } from "@softap/protocol";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { describeError } from "../src/exit.ts";
import {
  type ComputerWifi,
  findSoftAp,
  type JoinOptions,
  type SoftApJoin,
} from "../src/phone/soft-ap-join.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const call = { signal: neverCanceled };

/** An address of this machine that is not its own loopback. */
const wiredAddress = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

function network(name: string, rssiDbm = -50, security: SeenNetwork["security"] = "open"): SeenNetwork {
  const bssid = "02:00:00:00:00:01";
  return { ssid: encodeUtf8(name), bssid, rssiDbm, channel: 6, band: "2.4GHz", security };
}

/** A computer's Wi-Fi that hears what the test says. */
class FakeComputerWifi implements ComputerWifi {
  seen: readonly SeenNetwork[] = [];
  readonly joinSoftAp = vi.fn<ComputerWifi["joinSoftAp"]>(async () => {});
  readonly restore = vi.fn<ComputerWifi["restore"]>(async () => {});
  readonly close = vi.fn<ComputerWifi["close"]>(async () => {});
  readonly lookFor = vi.fn<ComputerWifi["lookFor"]>(async () => this.seen);
  readonly currentSsid = vi.fn<ComputerWifi["currentSsid"]>(async () => undefined);
}

let wifi: FakeComputerWifi;
const opened = vi.fn<(interfaceName: string) => Promise<ComputerWifi>>();
const onFound = vi.fn<(name: string) => Promise<void>>();

beforeEach(() => {
  vi.clearAllMocks();
  wifi = new FakeComputerWifi();
  opened.mockImplementation(async () => wifi);
});

function find(options: Partial<JoinOptions> = {}, interfaces = ["wlan0"]): Promise<SoftApJoin> {
  const given = { host: "127.0.0.1", softApPrefix: "softap-", json: true, lang: "en", ...options } as const;
  return findSoftAp(given, {
    log: silentLog,
    onFound,
    interfaces: () => interfaces,
    open: opened,
    ...call,
  });
}

/** What a person reads. */
async function refusal(finding: Promise<unknown>, language: "en" | "zh" = "en"): Promise<object> {
  const error = await finding.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { code, text, action } = describeError(error, language);
  return { code, text, action };
}

describe("findSoftAp()", () => {
  test("takes the only soft AP of the product, and no other network", async () => {
    wifi.seen = [network("Home-WiFi", -20), network("softap-lamp-1"), network("softap-lamp-1", -80)];
    const { softAp } = await find();
    expect(softAp).toEqual({ ssid: encodeUtf8("softap-lamp-1"), passphrase: undefined });
    expect(onFound.mock.calls).toEqual([["softap-lamp-1"]]);
    expect(opened.mock.calls).toEqual([["wlan0"]]);
    expect(wifi.close).not.toHaveBeenCalled();
  });

  test("takes the one that is named, whatever its name begins with, and calls it in case it hides", async () => {
    wifi.seen = [network("softap-lamp-1"), network("Kitchen")];
    const { softAp } = await find({ softApSsid: "Kitchen", interface: "wlp2s0" });
    expect(softAp.ssid).toEqual(encodeUtf8("Kitchen"));
    expect(wifi.lookFor.mock.lastCall?.[1]).toMatchObject({ ssid: encodeUtf8("Kitchen") });
    expect(opened.mock.calls).toEqual([["wlp2s0"]]);
  });

  test("takes its passphrase from a file, and refuses to go on without one that is needed", async () => {
    wifi.seen = [network("softap-lamp-1", -50, "wpa2-psk")];
    const file = join(temporaryFolder(), "passphrase");
    writeFileSync(file, "for-phones\n");
    const { softAp } = await find({ softApPassphraseFile: file });
    expect(softAp.passphrase?.equals(Secret.of("for-phones"))).toBe(true);
    expect(await refusal(find())).toMatchObject({
      code: "USAGE",
      action: "Give --soft-ap-passphrase-file <file> or set SOFTAP_SOFT_AP_PASSPHRASE",
    });
    expect(wifi.close).toHaveBeenCalledOnce();
  });

  test("refuses to guess which of several devices is meant", async () => {
    wifi.seen = [network("softap-lamp-1", -60), network("softap-lamp-2", -40)];
    expect(await refusal(find())).toEqual({
      code: "USAGE",
      text: "Several devices are in reach: softap-lamp-2, softap-lamp-1",
      action: "Say which one: --soft-ap-ssid <name>",
    });
    expect(wifi.close).toHaveBeenCalledOnce();
    expect(onFound).not.toHaveBeenCalled();
  });

  test("names the devices that are there when the one meant is not", async () => {
    wifi.seen = [network("softap-lamp-1"), network("Home-WiFi")];
    expect(await refusal(find({ softApSsid: "softap-lamp-9" }))).toMatchObject({
      code: "WIFI_NOT_FOUND",
      text: "The soft AP softap-lamp-9 is not in reach; in reach: softap-lamp-1",
    });
    wifi.seen = [network("Home-WiFi")];
    expect(await refusal(find({ lang: "zh" }), "zh")).toMatchObject({
      code: "WIFI_NOT_FOUND",
      text: "找不到设备热点 softap-…",
    });
  });

  test("on a computer without Wi-Fi says what to do instead", async () => {
    expect(await refusal(find({}, []))).toEqual({
      code: "WIFI_INTERFACE_MISSING",
      text: "This computer has no Wi-Fi",
      action: "Join the soft AP with the computer's own settings and leave --join out",
    });
    expect(opened).not.toHaveBeenCalled();
  });

  test.each([
    ["WIFI_SUPPLICANT_GONE", "NetworkManager does not answer, and --join needs it"],
    ["WIFI_UNMANAGED", "NetworkManager does not manage wlan0"],
    ["WIFI_INTERFACE_MISSING", "wlan0 is no Wi-Fi interface"],
    ["PERMISSION_DENIED", "NetworkManager does not let this user change the network"],
    ["WIFI_BLOCKED", "The radio is switched off"],
  ] as const)("tells %s in words of this computer", async (code, text) => {
    opened.mockRejectedValue(softApError(code, "as the system says"));
    expect(await refusal(find())).toMatchObject({ code, text });
  });

  test.skipIf(wiredAddress === undefined)(
    "is ADDRESS_RANGE_IN_USE where a wire leads to the device's address (skipped on a machine without one)",
    async () => {
      const finding = find({ host: wiredAddress ?? "" });
      await expect(finding).rejects.toMatchObject({ code: "ADDRESS_RANGE_IN_USE" });
      expect(opened).not.toHaveBeenCalled();
    },
  );
});

describe("the Wi-Fi that findSoftAp() gives", () => {
  test.each([
    ["WIFI_AUTH_FAILED", "The soft AP softap-lamp-1 refused the passphrase"],
    ["WIFI_NOT_FOUND", "This computer could not join the soft AP softap-lamp-1"],
    ["WIFI_NO_ADDRESS", "The soft AP softap-lamp-1 gave this computer no address"],
    ["CANCELED", undefined],
  ] as const)("tells %s of the soft AP, under the same code", async (code, text) => {
    wifi.seen = [network("softap-lamp-1")];
    const found = await find();
    const original = softApError(code, "as the system says");
    wifi.joinSoftAp.mockRejectedValue(original);
    const joining = found.wifi.joinSoftAp(found.softAp, call);
    expect(await refusal(joining)).toMatchObject({ code, ...(text === undefined ? {} : { text }) });
  });

  test("goes back when told to, and lets go at the end", async () => {
    wifi.seen = [network("softap-lamp-1")];
    const found = await find();
    onTestFinished(() => found.close());
    await found.wifi.joinSoftAp(found.softAp, call);
    await found.wifi.restore(call);
    await found.close();
    expect(wifi.restore).toHaveBeenCalledOnce();
    expect(wifi.close).toHaveBeenCalledOnce();
  });
});
