import type { Language } from "@softap/protocol/texts";
import type { AppWx } from "./app-wx.ts";

/** The language of the phone: Chinese in any of its forms, else English. */
export function languageOf(wx: Pick<AppWx, "getAppBaseInfo" | "getSystemInfoSync">): Language {
  const { language } = wx.getAppBaseInfo?.() ?? wx.getSystemInfoSync?.() ?? {};
  return /^zh/i.test(language ?? "") ? "zh" : "en";
}
