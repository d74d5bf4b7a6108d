import type { Language } from "@softap/protocol/texts";

/** The language for a locale such as `zh-CN` or `zh_Hans`: Chinese where it is Chinese, else English. */
export function languageOf(locale: string): Language {
  return /^zh(?![a-z])/i.test(locale) ? "zh" : "en";
}
