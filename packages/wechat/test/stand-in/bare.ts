import { nodeClock } from "@softap/node";
import { Secret } from "@softap/protocol";
import { VirtualAir, VirtualPhoneWifi } from "@softap/virtual";
import { Phone } from "./phone.ts";
import { WxStandIn } from "./wx-stand-in.ts";

/** The home network of every phone here. */
export const home = { ssid: "Home-WiFi", passphrase: "abcd1234" };

/** A phone at home and online, without a cloud or a device; whatever listens on loopback is in its soft AP's reach. */
export function bareWx() {
  const air = new VirtualAir({ clock: nodeClock });
  const router = air.addRouter({ ssid: home.ssid, passphrase: Secret.of(home.passphrase) });
  const wifi = new VirtualPhoneWifi({ air, home: router });
  const phone = new Phone({ wifi, home: router });
  const device = { address: "127.0.0.1", realPort: (port: number) => port, portOf: (port: number) => port };
  return { air, wifi, phone, wx: new WxStandIn({ phone, device, hosts: {} }) };
}
