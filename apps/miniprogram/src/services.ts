import { AppClient } from "@softap/phone";
import type { Language } from "@softap/protocol/texts";
import { type WechatPorts, wechatPorts } from "@softap/wechat";
import { Account } from "./account/account.ts";
import type { AppWx } from "./app-wx.ts";
import type { AppConfig } from "./config.ts";
import { phoneLanguage } from "./language.ts";
import { Navigation } from "./navigation.ts";
import { type Texts, textsOf } from "./texts/texts.ts";

/** What every page works with; made once, when the app starts. */
export interface AppServices {
  readonly wx: AppWx;
  readonly config: AppConfig;
  readonly ports: WechatPorts;
  readonly cloud: AppClient;
  readonly account: Account;
  readonly navigation: Navigation;
  readonly language: Language;
  readonly texts: Texts;
}

/** Puts the app together. */
export function createServices(wx: AppWx, config: AppConfig): AppServices {
  const ports = wechatPorts(wx);
  const account = new Account({
    store: ports.store,
    clock: ports.clock,
    connect: (accessToken) =>
      new AppClient({
        baseUrl: config.cloudUrl,
        ...ports,
        ...(accessToken === undefined ? {} : { accessToken }),
      }),
  });
  const language = phoneLanguage(wx);
  return {
    wx,
    config,
    ports,
    get cloud() {
      return account.cloud;
    },
    account,
    navigation: new Navigation(wx),
    language,
    texts: textsOf(language),
  };
}
