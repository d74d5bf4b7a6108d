import { type Check, ok } from "../check.ts";
import { chosenRadio } from "../radio-facts.ts";

/** Is the radio switched on? */
export const rfkillCheck: Check = {
  name: "rfkill",
  title: { en: "Radio switch", zh: "无线开关" },
  needs: ["radio"],
  async run(environment) {
    const { machine } = environment;
    const radio = await chosenRadio(environment);
    const folder = `/sys/class/net/${radio?.interfaceName ?? ""}/phy80211`;
    for (const name of (await machine.list(folder)).filter((one) => one.startsWith("rfkill"))) {
      const isOff = async (kind: string): Promise<boolean> =>
        (await machine.readText(`${folder}/${name}/${kind}`))?.trim() === "1";
      if (await isOff("hard"))
        return {
          state: "fail",
          code: "WIFI_BLOCKED",
          action: {
            en: "Move the switch of the machine, or press its key",
            zh: "请拨动机身上的无线开关或按键",
          },
        };
      if (await isOff("soft")) return { state: "fail", code: "WIFI_BLOCKED" };
    }
    return ok({ en: "on", zh: "已开启" });
  },
};
