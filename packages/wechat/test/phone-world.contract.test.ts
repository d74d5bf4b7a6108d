import { NodeDatagramSockets } from "@softap/node";
import { provision } from "@softap/phone";
import { type Clock, neverCanceled, type TimerHandle } from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { VirtualRadio } from "@softap/virtual";
import { type PhoneWorld, phoneWorldContract } from "@softap/virtual/contracts";
import { WechatClock, WechatDatagramSockets, WechatPhoneWifi, WechatRandom } from "@softap/wechat";
import { bundleWechat } from "../../../tools/wechat-bundles.ts";
import { bareWx, home } from "./stand-in/bare.ts";
import { loadHere } from "./stand-in/bundled.ts";

const address = "127.0.0.1";
const known = { ssid: home.ssid, passphrase: Secret.of(home.passphrase) };
const softAp = { ssid: encodeUtf8("softap-lamp"), passphrase: Secret.of("12345678") };

/** Knows which timers wait. */
class WatchedClock implements Clock {
  readonly #inner = new WechatClock();
  readonly pending = new Set<string>();

  monotonicMs(): number {
    return this.#inner.monotonicMs();
  }

  wallMs(): number {
    return this.#inner.wallMs();
  }

  after(name: string, delayMs: number, callback: () => void): TimerHandle {
    const label = `timer ${name}`;
    const end = (): void => void this.pending.delete(label);
    const timer = this.#inner.after(name, delayMs, () => {
      end();
      callback();
    });
    this.pending.add(label);
    return {
      cancel: () => {
        end();
        timer.cancel();
      },
    };
  }
}

/** What of the package makes a phone's world. */
type Parts = Pick<
  typeof import("@softap/wechat"),
  "provision" | "WechatDatagramSockets" | "WechatPhoneWifi" | "WechatRandom"
>;

async function openWorld(parts: Parts): Promise<PhoneWorld> {
  const { air, wifi, phone, wx } = bareWx();
  const radio = new VirtualRadio({ air });
  await radio.softAp.start(softAp, { signal: neverCanceled });
  const clock = new WatchedClock();
  return {
    provision: parts.provision,
    ports: {
      clock,
      random: new parts.WechatRandom(wx),
      datagrams: new parts.WechatDatagramSockets(wx),
      wifi: new parts.WechatPhoneWifi({ wx, clock, home: known }),
    },
    softAp,
    device: { sockets: new NodeDatagramSockets(), address, port: 0 },
    isOnline: () => phone.isHome,
    isHome: () => phone.isHome,
    leftovers: () => [
      ...clock.pending,
      ...[...wx.udp.open.keys()].map((port) => `UDP port ${port}`),
      ...(phone.wifiConnected.size > 0 ? ["onWifiConnected"] : []),
      ...(phone.networkStatus.size > 0 ? ["onNetworkStatusChange"] : []),
    ],
    refusePermission: () => {
      phone.refusal = 12007;
    },
    switchNetwork: () => void wifi.restore({ signal: neverCanceled }),
    cleanup: async () => {
      wx.close();
    },
  };
}

phoneWorldContract("WeChat", () =>
  openWorld({ provision, WechatDatagramSockets, WechatPhoneWifi, WechatRandom }),
);

// What is written shorter there must still be said the same way to whoever brings ports, and to whoever reads steps.
const shipped = {
  ...loadHere(await bundleWechat("world", "cjs")),
  ...loadHere(await bundleWechat("provisioning", "cjs")),
} as Parts;
phoneWorldContract("WeChat, as it is shipped", () => openWorld(shipped));
