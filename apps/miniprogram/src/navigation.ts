import type { AppWx } from "./app-wx.ts";

/** Pages of the app. */
export type PageName = "sign-in" | "devices" | "device" | "add";

/** Goes from page to page. */
export class Navigation {
  readonly #wx: Pick<AppWx, "navigateTo" | "navigateBack" | "reLaunch">;

  constructor(wx: Pick<AppWx, "navigateTo" | "navigateBack" | "reLaunch">) {
    this.#wx = wx;
  }

  /** Opens a page on top; `back` returns. */
  open(page: PageName, query: Readonly<Record<string, string>> = {}): void {
    const text = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
    this.#wx.navigateTo({ url: `${pathOf(page)}${text === "" ? "" : `?${text}`}` });
  }

  /** Closes the page on top. */
  back(): void {
    this.#wx.navigateBack();
  }

  /** Closes every page and opens one. */
  restart(page: PageName): void {
    this.#wx.reLaunch({ url: pathOf(page) });
  }
}

function pathOf(page: PageName): string {
  return `/pages/${page}/${page}`;
}
