import { parseDeviceLabel, parseWifiQr, type DeviceLabel, type WifiQr } from "@softap/phone";
import { ProtocolError, softApError } from "@softap/protocol";
import type { AppWx } from "../app-wx.ts";

/** What a code says. */
export type ScannedCode =
  | { readonly kind: "label"; readonly label: DeviceLabel }
  | { readonly kind: "network"; readonly network: WifiQr };

/**
 * Lets the person scan a code.
 *
 * @returns Its text; `undefined` when the person went back without one
 * @throws {@link TransportError} `PERMISSION_DENIED` where the camera cannot be used
 */
export function scanCode(wx: Pick<AppWx, "scanCode">): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    wx.scanCode({
      scanType: ["qrCode", "datamatrix"],
      success: ({ result }) => resolve(result),
      fail: ({ errMsg = "" }) => {
        if (/cancel/i.test(errMsg)) resolve(undefined);
        else reject(softApError("PERMISSION_DENIED", "Scanning a code failed", { cause: errMsg }));
      },
    });
  });
}

/**
 * Reads what was scanned: a device's label or a Wi-Fi code.
 *
 * @throws {@link ProtocolError} `LABEL_INVALID` when it is neither, `LABEL_TYPO`, `SSID_LENGTH`, `PASSPHRASE_LENGTH`
 */
export function readCode(text: string): ScannedCode {
  if (/^\s*softap:/i.test(text)) return { kind: "label", label: parseDeviceLabel(text) };
  if (/^\s*wifi:/i.test(text)) return { kind: "network", network: parseWifiQr(text) };
  throw new ProtocolError("LABEL_INVALID", "This is no device label and no Wi-Fi code");
}
