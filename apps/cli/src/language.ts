import type { Language } from "@softap/protocol/texts";
import { environment } from "./config/environment.ts";

/** The language of messages when `--lang` does not say: Chinese where the locale is, else English. */
export function localeLanguage(): Language {
  const locale = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return /^zh/i.test(locale) ? "zh" : "en";
}
