import { provision } from "@softap/phone";
import { reactNativePorts } from "@softap/react-native";
import { phoneWorldContract, virtualTime } from "@softap/virtual/contracts";
import { noFetch, virtualTimers } from "./stand-in/virtual-globals.ts";
import { deviceAddress, type HandsetOptions, softAp, VirtualHandset } from "./stand-in/virtual-handset.ts";
import { VirtualUdp } from "./stand-in/virtual-udp.ts";
import { VirtualWifi } from "./stand-in/virtual-wifi.ts";

const phones: Record<string, HandsetOptions> = {
  "React Native on Android 10, where the soft AP is the app's alone": {
    system: "android",
    isAppOnly: true,
    hasMobileData: true,
  },
  "React Native on Android 9, which prefers mobile data": { system: "android", hasMobileData: true },
  "React Native on an Android that tells no names": { system: "android", isAppOnly: true, hidesNames: true },
  "React Native on iOS": { system: "ios" },
};

for (const [name, options] of Object.entries(phones))
  phoneWorldContract(name, async () => {
    const handset = await VirtualHandset.open(options);
    const { clock, device, radio } = handset;
    const udp = new VirtualUdp(handset);
    const wifi = new VirtualWifi(handset);
    const { wifi: phoneWifi, ...ports } = reactNativePorts({
      platform: options.system,
      globals: { ...virtualTimers(clock), ...noFetch },
      crypto,
      udp,
      wifi,
    });
    if (phoneWifi === undefined) throw new Error("The ports have no Wi-Fi");
    return {
      provision,
      ports: { ...ports, wifi: phoneWifi },
      softAp,
      device: { sockets: device.datagrams, address: deviceAddress, port: 8266 },
      isOnline: () => handset.isOnline,
      isHome: () => handset.place === "home" && handset.tie === undefined,
      leftovers: () => [...clock.pending, ...[...udp.open].map(() => "native socket")],
      refusePermission() {
        handset.isAllowed = false;
      },
      switchNetwork: () => radio.softAp.dropPhones(),
      time: virtualTime(clock),
      cleanup: async () => handset.close(),
    };
  });
