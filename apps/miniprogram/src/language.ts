import { type Language, languageOf } from "@softap/phone/texts";
import type { AppWx } from "./app-wx.ts";

/** The language of the phone: Chinese in any of its forms, else English. */
export function phoneLanguage(wx: Pick<AppWx, "getAppBaseInfo" | "getSystemInfoSync">): Language {
  const { language } = wx.getAppBaseInfo?.() ?? wx.getSystemInfoSync?.() ?? {};
  return languageOf(language ?? "");
}
