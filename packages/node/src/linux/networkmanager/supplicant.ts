import { isSoftApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { asText } from "../dbus/value.ts";
import type { NetworkManagerClient } from "./client.ts";
import { Interface } from "./names.ts";

/** D-Bus name of the supplicant that works beneath NetworkManager. */
export const supplicant = "fi.w1.wpa_supplicant1";
/** Interface of what it does on one network interface. */
export const supplicantInterface = `${supplicant}.Interface`;

/** Whether the supplicant scans just now; `false` where this user may not ask it. */
export async function isScanning(
  client: NetworkManagerClient,
  interfaceName: string,
  call: Call,
): Promise<boolean> {
  const ask = (
    path: string,
    name: string,
    member: string,
    words: readonly string[],
  ): ReturnType<typeof client.bus.call> =>
    client.bus.call(
      {
        destination: supplicant,
        path,
        interface: name,
        member,
        signature: "s".repeat(words.length),
        body: words,
      },
      call,
    );
  try {
    const [path] = await ask("/fi/w1/wpa_supplicant1", supplicant, "GetInterface", [interfaceName]);
    const [scanning] = await ask(asText(path), Interface.properties, "Get", [
      supplicantInterface,
      "Scanning",
    ]);
    return scanning === true;
  } catch (error) {
    if (isSoftApError(error, "CANCELED")) throw error;
    return false;
  }
}
