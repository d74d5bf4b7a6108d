import { describe, expect, test } from "vitest";
import { type DeviceRadio, type NetworkToCheck, networkWarnings } from "@softap/phone";
import type { SeenNetwork } from "@softap/ports";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function seen(ssid: string, more: Partial<SeenNetwork> = {}): SeenNetwork {
  const bssid = "02:00:00:00:00:01";
  return {
    ssid: bytes(ssid),
    bssid,
    rssiDbm: -50,
    channel: 6,
    band: "2.4GHz",
    security: "wpa2-psk",
    ...more,
  };
}

function codes(network: NetworkToCheck, device?: DeviceRadio): readonly string[] {
  return networkWarnings(network, device).map(({ code, isBlocking }) => (isBlocking ? `! ${code}` : code));
}

const five = { band: "5GHz", channel: 36 } as const;

describe("networkWarnings()", () => {
  test.each<[string, NetworkToCheck, DeviceRadio | undefined, readonly string[]]>([
    ["nothing of a good network", { ssid: "Home", seen: [seen("Home")] }, undefined, []],
    ["nothing of a typed name where the phone may not scan", { ssid: "Home" }, undefined, []],
    [
      "that it is 5 GHz only",
      { ssid: "Home", seen: [seen("Home", five)] },
      undefined,
      ["! BAND_UNSUPPORTED"],
    ],
    [
      "nothing when one of its access points is on 2.4 GHz",
      { ssid: "Home", seen: [seen("Home", five), seen("Home")] },
      undefined,
      [],
    ],
    [
      "nothing of 5 GHz to a device that has it",
      { ssid: "Home", seen: [seen("Home", five)] },
      { bands: ["2.4GHz", "5GHz"] },
      [],
    ],
    [
      "of a company network",
      { ssid: "Home", seen: [seen("Home", { security: "enterprise" })] },
      undefined,
      ["! SECURITY_ENTERPRISE"],
    ],
    ["of WEP, also from a code alone", { ssid: "Home", security: "wep" }, undefined, ["! SECURITY_WEP"]],
    [
      "nothing of WEP in a code when a scan says WPA2",
      { ssid: "Home", security: "wep", seen: [seen("Home")] },
      undefined,
      [],
    ],
    ["of an open network", { ssid: "Home", security: "open" }, undefined, ["SECURITY_OPEN"]],
    [
      "of WPA3 alone to a device without it",
      { ssid: "Home", security: "wpa3-sae" },
      { sae: false },
      ["! SECURITY_WPA3_ONLY"],
    ],
    ["nothing of WPA3 to a device that may know it", { ssid: "Home", security: "wpa3-sae" }, {}, []],
    [
      "nothing of one WPA3 access point beside one of WPA2",
      { ssid: "Home", seen: [seen("Home", { security: "wpa3-sae" }), seen("Home")] },
      { sae: false },
      [],
    ],
    [
      "of the security on the device's band, not on another",
      { ssid: "Home", seen: [seen("Home", five), seen("Home", { security: "wep" })] },
      undefined,
      ["! SECURITY_WEP"],
    ],
    ["of a space behind the name", { ssid: "Home " }, undefined, ["SSID_EDGE_SPACE"]],
    [
      "of a space before the name that no scan confirms",
      { ssid: " Home", seen: [seen("Home")] },
      undefined,
      ["SSID_EDGE_SPACE", "NETWORK_NOT_SEEN"],
    ],
    [
      "nothing of a space that the network really has",
      { ssid: "Home ", seen: [seen("Home ")] },
      undefined,
      [],
    ],
    ["of a name that is not UTF-8", { ssid: Uint8Array.of(0xff) }, undefined, ["! SSID_NOT_UTF8"]],
    [
      "of −76 dBm, but not of −75",
      { ssid: "Home", seen: [seen("Home", { rssiDbm: -76 })] },
      undefined,
      ["SIGNAL_WEAK"],
    ],
    [
      "nothing of −75 dBm",
      { ssid: "Home", seen: [seen("Home", { rssiDbm: -75 }), seen("Home", { rssiDbm: -90 })] },
      undefined,
      [],
    ],
    [
      "of a weak 2.4 GHz beside a strong 5 GHz",
      { ssid: "Home", seen: [seen("Home", five), seen("Home", { rssiDbm: -88 })] },
      undefined,
      ["SIGNAL_WEAK"],
    ],
    [
      "of a name that is not on the air",
      { ssid: "Hoem", seen: [seen("Home")] },
      undefined,
      ["NETWORK_NOT_SEEN"],
    ],
    [
      "of a name that may be the hidden one",
      { ssid: "Home", seen: [seen("")] },
      undefined,
      ["NETWORK_HIDDEN"],
    ],
    [
      "of a network that its code calls hidden",
      { ssid: "Home", isHidden: true },
      undefined,
      ["NETWORK_HIDDEN"],
    ],
    [
      "what blocks first",
      { ssid: "Home ", security: "wep", isHidden: true },
      undefined,
      ["! SECURITY_WEP", "SSID_EDGE_SPACE", "NETWORK_HIDDEN"],
    ],
  ])("tells %s", (_name, network, device, expected) => {
    expect(codes(network, device)).toEqual(expected);
  });
});
