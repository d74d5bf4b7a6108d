import { type Check, ok, plain } from "../check.ts";
import { capabilitiesOf } from "../radio-facts.ts";

/** Can the radio open a network? */
export const modesCheck: Check = {
  name: "modes",
  title: { en: "Soft AP and station", zh: "热点与客户端模式" },
  needs: ["radio", "programs"],
  async run(environment) {
    const capabilities = await capabilitiesOf(environment);
    if (capabilities === undefined)
      return {
        state: "fail",
        code: "WIFI_NO_SOFT_AP",
        detail: { en: "the kernel does not say what the radio can do", zh: "内核未说明网卡能力" },
      };
    if (!capabilities.canBeSoftAp) return { state: "fail", code: "WIFI_NO_SOFT_AP" };
    const { bands, sae } = capabilities;
    return ok(plain([...bands, ...(sae ? ["WPA3"] : [])].join(", ")));
  },
};

/** Can the soft AP stay while the station joins? */
export const bothRolesCheck: Check = {
  name: "both-roles",
  title: { en: "Soft AP while station", zh: "热点与客户端同时工作" },
  needs: ["modes"],
  async run(environment) {
    const capabilities = await capabilitiesOf(environment);
    if (capabilities?.softApWhileStation !== true)
      return ok({
        en: "one at a time: the phone loses the soft AP while the device joins, and finds it again when that failed",
        zh: "只能二选一：设备入网时手机会断开热点，失败后热点会恢复",
      });
    const { sharedChannels } = capabilities;
    return ok({
      en: `at once, on ${sharedChannels === 1 ? "the router's channel" : `${sharedChannels} channels`}`,
      zh: sharedChannels === 1 ? "可同时工作，热点跟随路由器信道" : `可同时工作于 ${sharedChannels} 个信道`,
    });
  },
};
