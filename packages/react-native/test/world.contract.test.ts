import { neverCanceled } from "@softap/ports";
import { ReactNativeClock, ReactNativeDatagramSockets, ReactNativeRandom } from "@softap/react-native";
import { SeededRandom, VirtualClock } from "@softap/virtual";
import {
  clockContract,
  datagramSocketsContract,
  randomContract,
  virtualTime,
} from "@softap/virtual/contracts";
import { virtualTimers } from "./stand-in/virtual-globals.ts";
import { VirtualHandset } from "./stand-in/virtual-handset.ts";
import { VirtualUdp } from "./stand-in/virtual-udp.ts";

const cleanup = async (): Promise<void> => {};

clockContract("React Native", async () => ({ clock: new ReactNativeClock(globalThis), cleanup }));

clockContract("React Native with timers that come early", async () => {
  const clock = new VirtualClock();
  const timers = virtualTimers(clock);
  const early = {
    ...timers,
    setTimeout: (callback: () => void, delayMs: number) => timers.setTimeout(callback, delayMs * 0.9),
  };
  return { clock: new ReactNativeClock(early), time: virtualTime(clock), cleanup };
});

randomContract("React Native", async () => ({ random: new ReactNativeRandom(crypto), cleanup }));

datagramSocketsContract("React Native", async () => {
  const handset = await VirtualHandset.open({ system: "android" });
  const clock = new ReactNativeClock(virtualTimers(handset.clock));
  const [address = ""] = handset.wifiHost.addresses;
  const peer = handset.network.host("peer");
  const lan = handset.home.segment;
  if (lan === undefined) throw new Error("The air has a network");
  peer.attach(lan, "192.168.1.7");
  return {
    sockets: new ReactNativeDatagramSockets({
      udp: new VirtualUdp(handset),
      clock,
      random: new SeededRandom(1),
    }),
    address,
    peer: {
      open: ({ port, address: wanted }) =>
        peer.datagrams.open({
          port,
          ...(wanted === undefined ? {} : { address: wanted }),
          signal: neverCanceled,
        }),
    },
    peerAddress: "192.168.1.7",
    time: virtualTime(handset.clock),
    cleanup: async () => handset.close(),
  };
});
