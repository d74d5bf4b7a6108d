import {
  MemoryStore,
  VirtualAir,
  VirtualClock,
  VirtualNetwork,
  VirtualPhoneWifi,
  VirtualRadio,
} from "@softap/virtual";
import { radioContract, type RadioWorld, virtualTime } from "@softap/virtual/contracts";
import { neverCanceled } from "@softap/ports";

const signal = neverCanceled;

/** A world whose waits all take time, so that everything can happen in the middle of something. */
function setup(softApWhileStation: boolean, hasNetwork: boolean): () => Promise<RadioWorld> {
  return async () => {
    const clock = new VirtualClock();
    const network = new VirtualNetwork({ clock });
    const air = new VirtualAir({ clock, ...(hasNetwork ? { network } : {}) });
    const store = new MemoryStore();
    const host = network.host("device");
    const make = () =>
      new VirtualRadio({
        air,
        host,
        store,
        capabilities: { softApWhileStation },
        scanMs: 120,
        softApStartMs: 30,
      });
    let radio = make();
    let phones = 0;
    return {
      radio,
      joinTimeoutMs: 15_000,
      time: virtualTime(clock),
      async addRouter(options) {
        const router = air.addRouter({ ...options, joinMs: 40, dhcpMs: 20 });
        return {
          switchOff: async () => router.switchOff(),
          switchOn: async () => router.switchOn(),
          silenceDhcp: async () => {
            router.dhcp = "silent";
          },
        };
      },
      async addPhone() {
        phones += 1;
        const wifi = new VirtualPhoneWifi({ air, host: network.host(`phone ${phones}`), joinMs: 50 });
        return {
          join: (options) => wifi.joinSoftAp(options, { signal }),
          leave: () => wifi.restore({ signal }),
        };
      },
      async restart() {
        radio.powerOff();
        radio = make();
        return radio;
      },
      async cleanup() {
        radio.powerOff();
      },
    };
  };
}

radioContract("a virtual radio that can do both", setup(true, true));
radioContract("a virtual radio with one role at a time", setup(false, true));
radioContract("a virtual radio without a network", setup(true, false));
