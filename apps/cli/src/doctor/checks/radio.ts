import { type Check, ok, plain } from "../check.ts";
import { chosenRadio, radiosOf } from "../radio-facts.ts";

/** Is there a radio, and which driver serves it? */
export const radioCheck: Check = {
  name: "radio",
  title: { en: "Radio", zh: "无线网卡" },
  async run(environment) {
    const radio = await chosenRadio(environment);
    if (radio !== undefined) {
      const { interfaceName, phy, driver = "?" } = radio;
      return ok(plain(`${interfaceName}, ${phy}, ${driver}`));
    }
    const { interfaceName } = environment.settings;
    const others = (await radiosOf(environment)).map((other) => other.interfaceName).join(", ");
    if (interfaceName !== undefined && others !== "")
      return {
        state: "fail",
        code: "WIFI_INTERFACE_MISSING",
        detail: plain(interfaceName),
        action: { en: `Give --interface ${others}`, zh: `请指定 --interface ${others}` },
      };
    return {
      state: "fail",
      code: "WIFI_INTERFACE_MISSING",
      detail: { en: "this machine has no radio", zh: "本机没有无线网卡" },
      action: {
        en: "Plug in a radio, or load its driver (lspci, lsusb, dmesg)",
        zh: "请插入无线网卡，或加载其驱动（lspci、lsusb、dmesg）",
      },
    };
  },
};
