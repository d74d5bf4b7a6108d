import type { RouterOptions } from "../src/router.ts";
import type { Scenario } from "../src/scenario.ts";
import { softApPassphrase } from "../src/device.ts";
import { isEvent } from "../src/softap.ts";
import { mustBind } from "../src/stories.ts";

const passphrase = "p\"ss 'w0rd\\8";

/** Kinds of networks, each by its name. */
const networks: readonly (RouterOptions & { readonly name: string })[] = [
  { name: "Hidden One", ssid: Buffer.from("Hidden One"), passphrase, isHidden: true, channel: 11 },
  {
    name: "🏠🏡🏘️ thirty-two bytes",
    ssid: Buffer.from("🏠🏡🏘️ thirty-two bytes"),
    passphrase,
    security: "wpa3",
  },
  { name: "Free", ssid: Buffer.from("Free") },
];

/** The kinds of networks that people have. */
export const scenario: Scenario = {
  name: "hidden network, emoji in 32 bytes with WPA3, open network; the button opens the soft AP each time anew",
  run: async (lab) => {
    const { device, phone, router } = lab;
    await device.start();
    let ended = 0;
    for (const [index, network] of networks.entries()) {
      if (index > 0) {
        await device.softap.until("its soft AP closes", isEvent("sessionEnded"), {
          from: ended,
        });
        ended = device.softap.events.length;
        device.softap.program.signal("SIGUSR1");
        await device.listening({ from: ended });
      }
      await router.open(network);
      await phone.join(device.ssid, softApPassphrase);
      await mustBind(lab, phone.provision({ ssid: network.name, passphrase: network.passphrase }));
    }
  },
};
