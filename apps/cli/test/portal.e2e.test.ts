import { expect, test } from "vitest";
import { SoftapProcess } from "./softap-process.ts";

const secret = "bYKGpzuVosjl0WPGBaBvdA==";

test("device --portal serves the page, and --once ends well with the network alone", async () => {
  const device = new SoftapProcess(
    [
      "device",
      "--product-id",
      "AB12CD34EF",
      "--device-name",
      "lamp-1",
      "--port",
      "0",
      "--portal",
      "on",
    ].concat(["--portal-port", "0", "--once", "--json"]),
    { env: { SOFTAP_DEVICE_SECRET: secret } },
  );
  const { url } = await device.eventNamed("portal");
  const page = String(url);
  expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const probe = await fetch(`${page}generate_204`, { redirect: "manual" });
  expect([probe.status, probe.headers.get("location")]).toEqual([302, page]);
  const form = new URLSearchParams({ network: "", ssid: "Home-WiFi", passphrase: "abcd1234", code: "" });
  const sent = await fetch(`${page}join?lang=zh`, {
    method: "POST",
    body: form,
    headers: { Origin: new URL(page).origin },
    redirect: "manual",
  });
  expect([sent.status, sent.headers.get("location")]).toEqual([303, "/?lang=zh"]);
  await expect
    .poll(async () => (await fetch(`${page}status?lang=zh`)).text(), { timeout: 5_000 })
    .toContain("设备已联网");
  const { exit, stdout } = await device.ended;
  expect(exit).toBe(0);
  expect(stdout).toContain('"verdict":"joined"');
  expect(stdout).not.toContain("abcd1234");
});
