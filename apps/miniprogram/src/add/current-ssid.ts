import type { CancelSignal } from "@softap/ports";
import { asSoftApError, decodeUtf8 } from "@softap/protocol";
import type { WechatPorts } from "@softap/wechat";

/** Name of the network that the phone is on; `undefined` where it is on none or does not tell. */
export async function currentSsid(ports: WechatPorts, signal: CancelSignal): Promise<string | undefined> {
  try {
    const bytes = await ports.wifi.currentSsid({ signal });
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  } catch (error) {
    // Not every phone tells the name, and none has to.
    ports.log?.debug("own network not known", { code: asSoftApError(error).code });
    return undefined;
  }
}
