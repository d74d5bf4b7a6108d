import { VirtualClock, VirtualLed } from "@softap/virtual";
import { ledContract } from "@softap/virtual/contracts";

ledContract("the virtual world", async () => {
  const led = new VirtualLed(new VirtualClock());
  return {
    led,
    looksLike: async () => led.pattern ?? { onMs: 0, offMs: 0 },
    cleanup: async () => {},
  };
});
