/** What wpa_supplicant tells without being asked, as far as a join depends on it. */
export type ControlEvent =
  | { readonly type: "scanned" }
  | { readonly type: "scanFailed" }
  | { readonly type: "connected"; readonly bssid: string }
  | { readonly type: "disconnected"; readonly reason: number; readonly isOurDoing: boolean }
  | { readonly type: "handshakeFailed" }
  | { readonly type: "disabled"; readonly reason: string }
  | { readonly type: "associationRefused"; readonly status: number }
  /** `isSaeConfirm`: refused in the second step of WPA3, where only the passphrase is compared. */
  | { readonly type: "authenticationRefused"; readonly status: number; readonly isSaeConfirm: boolean }
  | { readonly type: "notFound" }
  | { readonly type: "terminating" };

/**
 * Reads one line of `wpa_cli`'s or the supplicant's output; `undefined` for everything that decides nothing.
 *
 * @see wpa_supplicant 2.10, `src/common/wpa_ctrl.h`
 */
export function parseControlEvent(line: string): ControlEvent | undefined {
  const text = /(?:CTRL-EVENT-|WPA: 4-Way).*$/.exec(line)?.[0];
  if (text === undefined) return undefined;
  if (text.startsWith("WPA: 4-Way Handshake failed")) return { type: "handshakeFailed" };
  const name = /^CTRL-EVENT-([A-Z0-9-]+)/.exec(text)?.[1];
  switch (name) {
    case "SCAN-RESULTS":
      return { type: "scanned" };
    case "SCAN-FAILED":
      return { type: "scanFailed" };
    case "CONNECTED":
      return { type: "connected", bssid: /([0-9a-f]{2}:){5}[0-9a-f]{2}/.exec(text)?.[0] ?? "" };
    case "DISCONNECTED":
      return {
        type: "disconnected",
        reason: numberAfter(text, "reason="),
        isOurDoing: text.includes("locally_generated=1"),
      };
    case "SSID-TEMP-DISABLED":
      return { type: "disabled", reason: / reason=(\w+)/.exec(text)?.[1] ?? "" };
    case "ASSOC-REJECT":
      return { type: "associationRefused", status: numberAfter(text, "status_code=") };
    case "AUTH-REJECT":
      return {
        type: "authenticationRefused",
        status: numberAfter(text, "status_code="),
        isSaeConfirm: / auth_type=3 auth_transaction=2 /.test(text),
      };
    case "NETWORK-NOT-FOUND":
      return { type: "notFound" };
    case "TERMINATING":
      return { type: "terminating" };
    default:
      return undefined;
  }
}

function numberAfter(text: string, key: string): number {
  const at = text.indexOf(key);
  return at < 0 ? 0 : Number.parseInt(text.slice(at + key.length), 10) || 0;
}
