/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { neverCanceled } from "@softap/ports";
import { encodeNetworkRequest, encodeUtf8, Secret } from "@softap/protocol";
import { NodeDatagramSockets } from "@softap/node";
import { launchChromium } from "./chromium.ts";
import { LoopbackDevice, type LoopbackOptions } from "./loopback-device.ts";

/** All that goes over the wire for one provisioning, bytes. */
const maxWireBytes = 20_000;

let browser: Browser;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Visit {
  readonly world: LoopbackDevice;
  readonly page: Page;
  readonly url: string;
  /** What went wrong in the page. */
  readonly complaints: readonly string[];
  /** Address, headers and body of everything that was loaded. */
  readonly traffic: readonly string[];
  readonly wireBytes: () => number;
  /** Waits until everything that was asked for has come and been counted. */
  readonly settled: () => Promise<void>;
}

/** A device, and a browser on its page. */
async function visit(
  options: LoopbackOptions & { prepare?: (world: LoopbackDevice) => void } = {},
  context: BrowserContextOptions = {},
): Promise<Visit> {
  const world = new LoopbackDevice(options);
  options.prepare?.(world);
  const url = await world.start();
  const session = await browser.newContext({ locale: "en-US", ...context });
  const page = await session.newPage();
  ends.push(
    () => session.close(),
    () => world.device.stop(),
  );
  const complaints: string[] = [];
  const traffic: string[] = [];
  let bytes = 0;
  let pending = 0;
  page.on("request", () => (pending += 1));
  page.on("requestfailed", () => (pending -= 1));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("422")) complaints.push(message.text());
  });
  page.on("requestfinished", async (request) => {
    const { responseHeadersSize, responseBodySize, requestHeadersSize, requestBodySize } =
      await request.sizes();
    bytes += responseHeadersSize + responseBodySize + requestHeadersSize + requestBodySize;
    const response = await request.response();
    const body = await response?.text().catch(() => "");
    traffic.push(`${request.url()} ${JSON.stringify(response?.headers())} ${body}`);
    pending -= 1;
  });
  await expect.poll(() => world.radio.history.some(({ what }) => what === "scanStarted")).toBe(true);
  await page.goto(url);
  if ((await page.getByLabel("Home-WiFi").count()) === 0) await page.reload();
  const settled = async (): Promise<void> => {
    await expect.poll(() => pending, { timeout: 10_000 }).toBe(0);
  };
  return { world, page, url, complaints, traffic, wireBytes: () => bytes, settled };
}

/** Waits for a text in the part of the page that follows the device. */
async function says(page: Page, text: string): Promise<void> {
  await page.locator("#status", { hasText: text }).waitFor({ timeout: 15_000 });
}

async function send(page: Page, passphrase: string, code = ""): Promise<void> {
  await page.getByLabel("Home-WiFi").check();
  await page.locator("#passphrase").fill(passphrase);
  await page.locator("#code").fill(code);
  await page.locator("button.main").click();
}

/** Name of every field and button as a screen reader says it, and what is wrong with the page for one. */
function inspect(page: Page): Promise<{ names: string[]; problems: string[] }> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const fields = [...document.querySelectorAll<HTMLInputElement | HTMLButtonElement>("input, button")];
    const names = fields.map((field) => {
      const labels = [...(field.labels ?? [])].map((label) => label.textContent?.trim() ?? "");
      return field.localName === "button" ? (field.textContent?.trim() ?? "") : labels.join(" ");
    });
    for (const [index, name] of names.entries()) if (name === "") problems.push(`field ${index} has no name`);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    if (new Set(ids).size !== ids.length) problems.push("an id stands twice");
    for (const element of document.querySelectorAll("[aria-describedby], [aria-controls]"))
      for (const attribute of ["aria-describedby", "aria-controls"])
        for (const id of (element.getAttribute(attribute) ?? "").split(" ").filter(Boolean))
          if (document.getElementById(id) === null)
            problems.push(`${attribute} names ${id}, which is not there`);
    if (document.documentElement.lang === "") problems.push("the page has no language");
    if (document.querySelectorAll("h1").length !== 1) problems.push("the page needs one h1");
    if (document.querySelector("fieldset > legend") === null) problems.push("the choice has no legend");
    if (document.querySelector("#status")?.getAttribute("aria-live") !== "polite")
      problems.push("news are not told");
    return { names, problems };
  });
}

/** Texts whose colour is too close to what is behind them: below 4.5 to 1, as WCAG 2 counts. */
function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string): number => {
      const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const color = getComputedStyle(element).backgroundColor;
      return channels(color)[3] === 0 ? behind(element.parentElement) : color;
    };
    const faint: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>("main *")) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === 3 && node.textContent?.trim() !== "",
      );
      const isDisabled = element.closest(".no, [disabled]") !== null;
      if (!hasText || isDisabled || !element.checkVisibility()) continue;
      const [low = 0, high = 0] = [
        luminance(getComputedStyle(element).color),
        luminance(behind(element)),
      ].toSorted((a, b) => a - b);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < 4.5) faint.push(`${element.textContent?.slice(0, 30)} ${ratio.toFixed(2)}`);
    }
    return faint;
  });
}

describe("the page in Chromium", () => {
  test("tells the wrong passphrase, gives the form back with the name, and ends bound; no secret is anywhere", async () => {
    const { world, page, complaints, traffic, settled } = await visit({
      device: { limits: { replyTimeoutMs: 60_000 } },
    });
    await send(page, "canary-wrong", "ab2cd3");
    await says(page, "The router refused the Wi-Fi passphrase");
    expect(await page.getByLabel("Home-WiFi").isChecked()).toBe(true);
    expect(await page.locator("#passphrase").inputValue()).toBe("");
    await page.locator("#passphrase").fill("abcd1234");
    await page.locator("#code").fill("ab2cd3");
    // The cloud takes its time: the page has come and follows the device when the answer comes.
    world.cloud.answers = ["silent"];
    // Enter in a field sends the form.
    await page.locator("#code").press("Enter");
    await says(page, "The device is connecting");
    await expect.poll(() => world.cloud.received.length, { timeout: 10_000 }).toBe(1);
    for (const { clientToken } of world.cloud.received)
      world.cloud.send({ method: "app_bind_token_reply", clientToken, code: 0, status: "said" });
    await says(page, "The device is connected");
    expect(await page.locator("#join").isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("The device is connected");
    expect(world.cloud.tokens).toEqual(["AB2CD3"]);
    expect(complaints).toEqual([]);
    await settled();
    expect(traffic.length).toBeGreaterThan(3);
    expect(traffic.join("\n")).not.toMatch(/canary|abcd1234|ab2cd3/i);
    expect(world.log.toString()).not.toMatch(/canary|abcd1234|ab2cd3/i);
  });

  test("weighs at most 20 kB with a full list, and loads nothing from elsewhere", async () => {
    const prepare = ({ air }: LoopbackDevice): void => {
      for (let n = 0; n < 40; n++) air.addRouter({ ssid: `${"网".repeat(10)}${n}`, rssiDbm: -60 });
    };
    const { page, url, traffic, wireBytes, settled } = await visit({ prepare });
    expect(await page.locator(".net").count()).toBe(25);
    await settled();
    const before = wireBytes();
    await page.reload();
    await settled();
    expect(wireBytes() - before).toBeGreaterThan(10_000);
    expect(wireBytes() - before).toBeLessThan(maxWireBytes);
    expect(traffic.filter((line) => !line.startsWith(url))).toEqual([]);
  });

  test("works without JavaScript: send and reload", async () => {
    const { world, page } = await visit({ joinMs: 300 }, { javaScriptEnabled: false });
    expect(await page.locator("#show").isVisible()).toBe(false);
    await page.locator("#again").click();
    await page.waitForURL("**/?lang=en");
    await send(page, "wrong-one");
    // The page asks again by itself until there is news.
    await says(page, "The router refused the Wi-Fi passphrase");
    await send(page, "abcd1234");
    await says(page, "It has joined the network");
    expect(world.steps.at(-1)).toBe("networkKept");
  });

  test("speaks Chinese to a Chinese browser, and English at a click", async () => {
    const { page } = await visit({}, { locale: "zh-CN" });
    expect(await page.locator("h1").innerText()).toBe("连接 lamp-1");
    await send(page, "wrong-one");
    await says(page, "路由器拒绝了 Wi-Fi 密码");
    await page.getByRole("link", { name: "English" }).click();
    expect(await page.locator("h1").innerText()).toBe("Connect lamp-1");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  test("can be used with the keyboard alone", async () => {
    const { page } = await visit();
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);
    await press("Tab", "Tab", "Tab");
    expect(await focused()).toBe("n0");
    await press("Space");
    expect(await page.getByLabel("Home-WiFi").isChecked()).toBe(true);
    // Arrows walk the list; what cannot be joined is passed over.
    await press("ArrowDown", "ArrowDown");
    expect(await focused()).toBe("other");
    expect(await page.locator("#ssid").isVisible()).toBe(true);
    await press("ArrowUp", "ArrowUp", "Tab");
    expect(await focused()).toBe("passphrase");
    await page.keyboard.type("abcd1234");
    await press("Tab");
    expect(await focused()).toBe("show");
    await press("Space");
    expect(await page.locator("#passphrase").getAttribute("type")).toBe("text");
    await press("Tab", "Tab", "Enter");
    await says(page, "It has joined the network");
  });

  test("names every field, points at what is wrong, and can be read in light and dark", async () => {
    const { page } = await visit();
    expect(await inspect(page)).toEqual({
      names: [
        "Search again",
        expect.stringMatching(/^Home-WiFi2.4 GHz · WPA2, strong signal$/),
        expect.stringMatching(/^咖啡 & <b>Tea<\/b>2.4 GHz · Open, good signal$/),
        expect.stringMatching(/^Office2.4 GHz · Enterprise · not supported, good signal$/),
        "Other network",
        "Name of the network",
        "Wi-Fi passphrase",
        "Show",
        "Bind code (optional)",
        "Connect",
      ],
      problems: [],
    });
    expect(await page.getByLabel("Office").isDisabled()).toBe(true);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faintTexts(page)).toEqual([]);
    }
    await send(page, "short");
    await page.locator("#problem").waitFor();
    const passphrase = page.locator("#passphrase");
    expect(await passphrase.getAttribute("aria-invalid")).toBe("true");
    expect(await passphrase.getAttribute("aria-describedby")).toBe("problem passphrase-hint");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("passphrase");
    expect((await inspect(page)).problems).toEqual([]);
    await send(page, "wrong-one");
    await says(page, "refused");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faintTexts(page)).toEqual([]);
    }
  });

  test("searches again without losing what was typed", async () => {
    const { world, page } = await visit();
    await page.getByLabel("Home-WiFi").check();
    await page.locator("#passphrase").fill("abcd1234");
    world.air.addRouter({ ssid: "New one" });
    // A search right behind the first is answered from it: ask until the list is new.
    await expect
      .poll(
        async () => {
          await page.locator("#again").click();
          return page.getByLabel("New one").count();
        },
        { timeout: 10_000, interval: 500 },
      )
      .toBe(1);
    expect(await page.getByLabel("Home-WiFi").isChecked()).toBe(true);
    expect(await page.locator("#passphrase").inputValue()).toBe("abcd1234");
  });

  test("follows an attempt that an app sent as a datagram, and says so when it loses the device", async () => {
    const { world, page } = await visit({ joinMs: 3_000 });
    const socket = await new NodeDatagramSockets().open({ port: 0, signal: neverCanceled });
    ends.push(async () => socket.close());
    const request = encodeNetworkRequest({
      ssid: encodeUtf8("Home-WiFi"),
      passphrase: Secret.of("abcd1234"),
      token: Secret.of("t".repeat(32)),
    });
    const to = { address: "127.0.0.1", port: world.device.localPort ?? 0 };
    await socket.send(request, to, { signal: neverCanceled });
    await says(page, "The device is connecting");
    expect(await page.locator("#join").isVisible()).toBe(false);
    world.portal.close();
    await page.locator("#lost").waitFor({ timeout: 10_000 });
  });

  test("writes the name of a network as text, whatever it is", async () => {
    const { world, page, complaints } = await visit();
    await page.getByLabel("Tea").check();
    await page.locator("button.main").click();
    await says(page, "It has joined the network");
    expect(world.steps).toContain("networkKept");
    expect(await page.locator("#setup b b").count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
