import { readDeviceLog } from "@softap/phone";
import { type CancelSignal, neverCanceled, withTimeout } from "@softap/ports";
import { encodeUtf8, isSoftApError } from "@softap/protocol";
import type { WechatPorts } from "@softap/wechat";
import { appLimits } from "../limits.ts";
import type { SoftApChoice } from "./device-choice.ts";

/**
 * Joins the soft AP, reads the device's log, and brings the phone back.
 *
 * @returns Lines; may be empty
 * @throws {@link WifiError} where the soft AP cannot be joined; {@link TransportError} `DEVICE_SILENT`; {@link TimeoutError} `TIMEOUT`
 */
export async function fetchDeviceLog(
  ports: WechatPorts,
  softAp: SoftApChoice,
  signal: CancelSignal,
): Promise<string> {
  const { clock, wifi } = ports;
  const { switchTimeoutMs: limitMs } = appLimits;
  try {
    await withTimeout(clock, { phase: "Joining the soft AP", limitMs, signal }, (limited) =>
      wifi.joinSoftAp({ ssid: encodeUtf8(softAp.ssid), passphrase: softAp.passphrase }, { signal: limited }),
    );
    return await readEitherLog(ports, signal);
  } finally {
    // Whatever came of the log, the phone goes home; where it cannot, the person sees it at the top of the screen.
    await withTimeout(clock, { phase: "Going back", limitMs, signal: neverCanceled }, (limited) =>
      wifi.restore({ signal: limited }),
    ).catch(() => {});
  }
}

/** A device that waits for a phone answers at one port, one that only keeps its log for it at the other. */
async function readEitherLog(ports: WechatPorts, signal: CancelSignal): Promise<string> {
  try {
    return await readDeviceLog({ via: "provisioning", ports, signal });
  } catch (error) {
    if (!isSoftApError(error, "DEVICE_SILENT")) throw error;
    return readDeviceLog({ via: "logMode", ports, signal });
  }
}
