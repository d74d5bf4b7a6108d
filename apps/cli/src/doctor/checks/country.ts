import { type Check, ok, plain } from "../check.ts";
import { capabilitiesOf } from "../radio-facts.ts";

/** Does the radio know in which country it is? */
export const countryCheck: Check = {
  name: "country",
  title: { en: "Country", zh: "国家代码" },
  needs: ["radio", "programs"],
  async run({ machine }) {
    const told = await machine.run("iw", ["reg", "get"]);
    const countries = [...(told?.stdout ?? "").matchAll(/^country (\w\w):/gm)].map(([, code = ""]) => code);
    // 00 is the world domain, 99 what a driver brings along that knows better than the kernel.
    const known = countries.filter((code) => code !== "00");
    if (known.length === 0) return { state: "warn", code: "WIFI_COUNTRY_UNSET" };
    return ok(plain([...new Set(known)].join(", ")));
  },
};

/** Which channels may the soft AP use there? */
export const channelsCheck: Check = {
  name: "channels",
  title: { en: "Channels of the soft AP", zh: "热点可用信道" },
  needs: ["modes"],
  async run(environment) {
    const channels = (await capabilitiesOf(environment))?.softApChannels ?? [];
    const narrow = channels.filter((channel) => channel <= 13);
    if (channels.length === 0)
      return {
        state: "fail",
        code: "WIFI_COUNTRY_UNSET",
        detail: { en: "no channel is allowed for a soft AP", zh: "没有允许开启热点的信道" },
      };
    if (narrow.length === 0)
      return {
        state: "warn",
        code: "WIFI_COUNTRY_UNSET",
        detail: {
          en: "a soft AP is allowed on 5 GHz only, which not every phone sees",
          zh: "只允许在 5 GHz 开启热点，部分手机看不到",
        },
      };
    return ok(plain(ranges(channels)));
  },
};

/** `1–11, 36, 40`. */
function ranges(channels: readonly number[]): string {
  const parts: { first: number; last: number }[] = [];
  for (const channel of channels.toSorted((a, b) => a - b)) {
    const part = parts.at(-1);
    if (part !== undefined && channel === part.last + 1) part.last = channel;
    else parts.push({ first: channel, last: channel });
  }
  return parts.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}
