import { NodeDatagramSockets, nodeClock, nodeRandom } from "@softap/node";
import { provision } from "@softap/phone";
import {
  type CancelSignal,
  type Clock,
  type DatagramSocket,
  type DatagramSockets,
  type Endpoint,
  neverCanceled,
  type PhoneWifi,
  type TimerHandle,
} from "@softap/ports";
import { encodeUtf8, Secret } from "@softap/protocol";
import { VirtualAir, VirtualPhoneWifi, VirtualRadio } from "@softap/virtual";
import { phoneWorldContract } from "@softap/virtual/contracts";

const address = "127.0.0.1";
const softAp = { ssid: encodeUtf8("contract lamp"), passphrase: Secret.of("for-phones") };

/** Node's clock that knows which timers run. */
class WatchedClock implements Clock {
  readonly pending = new Map<object, string>();

  monotonicMs(): number {
    return nodeClock.monotonicMs();
  }

  wallMs(): number | undefined {
    return nodeClock.wallMs();
  }

  after(name: string, delayMs: number, callback: () => void): TimerHandle {
    const key = {};
    this.pending.set(key, `timer ${name}`);
    const timer = nodeClock.after(name, delayMs, () => {
      this.pending.delete(key);
      callback();
    });
    return {
      cancel: () => {
        this.pending.delete(key);
        timer.cancel();
      },
    };
  }
}

/** Node's sockets in a phone: loopback leads to the device only while the phone is on its soft AP. */
class PhoneSockets implements DatagramSockets {
  readonly opened = new Set<DatagramSocket>();
  readonly #isOnSoftAp: () => boolean;
  readonly #sockets = new NodeDatagramSockets();

  constructor(isOnSoftAp: () => boolean) {
    this.#isOnSoftAp = isOnSoftAp;
  }

  async open(options: { port: number; address?: string; signal: CancelSignal }): Promise<DatagramSocket> {
    const inner = await this.#sockets.open(options);
    const isOnSoftAp = this.#isOnSoftAp;
    const { opened } = this;
    const socket: DatagramSocket = {
      localPort: inner.localPort,
      onDatagram: undefined,
      send: async (datagram: Uint8Array, to: Endpoint, call: { signal: CancelSignal }) => {
        if (isOnSoftAp()) await inner.send(datagram, to, call);
      },
      close: () => {
        opened.delete(socket);
        inner.close();
      },
    };
    inner.onDatagram = (datagram, from) => {
      if (isOnSoftAp()) socket.onDatagram?.(datagram, from);
    };
    opened.add(socket);
    return socket;
  }
}

phoneWorldContract("Node with a virtual radio", async () => {
  const clock = new WatchedClock();
  // The air keeps its own time: what it has going is not the phone's.
  const air = new VirtualAir({ clock: nodeClock });
  const home = air.addRouter({ ssid: "Home-WiFi", passphrase: Secret.of("abcd1234") });
  const radio = new VirtualRadio({ air });
  await radio.softAp.start(softAp, { signal: neverCanceled });
  let isAllowed = true;
  const phone = () => new VirtualPhoneWifi({ air, home, joinMs: 30, isAllowed });
  let radioOfPhone = phone();
  const wifi: PhoneWifi = {
    currentSsid: (options) => radioOfPhone.currentSsid(options),
    joinSoftAp: (network, options) => radioOfPhone.joinSoftAp(network, options),
    restore: (options) => radioOfPhone.restore(options),
  };
  const datagrams = new PhoneSockets(() => radioOfPhone.isOnSoftAp);
  return {
    provision,
    ports: { clock, random: nodeRandom, datagrams, wifi },
    softAp,
    device: { sockets: new NodeDatagramSockets(), address, port: 0 },
    isOnline: () => home.clientCount === 1,
    isHome: () => home.clientCount === 1 && !radioOfPhone.isOnSoftAp,
    leftovers: () => [
      ...clock.pending.values(),
      ...[...datagrams.opened].map(({ localPort }) => `socket ${localPort}`),
    ],
    refusePermission() {
      isAllowed = false;
      radioOfPhone.close();
      radioOfPhone = phone();
    },
    switchNetwork: () => radio.softAp.dropPhones(),
    async cleanup() {
      radioOfPhone.close();
      radio.powerOff();
    },
  };
});
