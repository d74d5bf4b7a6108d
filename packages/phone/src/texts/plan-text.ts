import type { Language } from "@softap/protocol/texts";
import type { NetworkPlan } from "../person/prepare.ts";

/**
 * What will happen to the phone's network, in a few plain sentences with their full stops. Show it before the phone goes
 * offline, and let the person agree.
 */
export function planText(plan: NetworkPlan, language: Language): string {
  const { switchedBy } = plan;
  const { softAp, home } = language === "zh" ? chineseNames(plan) : englishNames(plan);
  switch (language) {
    case "en":
      return switchedBy === "app"
        ? `Your phone will leave its Wi-Fi and join ${softAp} for about a minute, and then go back to ${home}. ` +
            `It may ask whether it may join: say yes. Meanwhile it has no internet by Wi-Fi.`
        : `In your phone's Wi-Fi settings, join ${softAp}, then come back here; stay joined even if the phone warns that there ` +
            `is no internet. When this app says so, or after about a minute, join ${home} again.`;
    case "zh":
      return switchedBy === "app"
        ? `手机将离开当前 Wi-Fi，连接${softAp}约一分钟，然后回到${home}。系统询问是否加入时请允许；期间手机无法通过 Wi-Fi 上网。`
        : `请在手机的 Wi-Fi 设置中连接${softAp}，然后返回此处；即使手机提示无法上网，也请保持连接。收到本应用提示后，或约一分钟后，请重新连接${home}。`;
  }
}

function englishNames({ softApName, softApPrefix, homeName }: NetworkPlan): { softAp: string; home: string } {
  return {
    softAp:
      softApName !== undefined
        ? `the device's network “${softApName}”`
        : softApPrefix !== undefined
          ? `the device's network, whose name begins with “${softApPrefix}”`
          : "the device's network",
    home: homeName === undefined ? "your own network" : `“${homeName}”`,
  };
}

function chineseNames({ softApName, softApPrefix, homeName }: NetworkPlan): { softAp: string; home: string } {
  return {
    softAp:
      softApName !== undefined
        ? `设备热点“${softApName}”`
        : softApPrefix !== undefined
          ? `名称以“${softApPrefix}”开头的设备热点`
          : "设备热点",
    home: homeName === undefined ? "您自己的网络" : `“${homeName}”`,
  };
}
