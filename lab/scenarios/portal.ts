import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { softApPassphrase } from "../src/device.ts";
import { mustRunIn, waitUntil } from "../src/namespace.ts";
import type { Scenario } from "../src/scenario.ts";
import { isEvent } from "../src/softap.ts";
import { home, homeRouter, mustBeUsable } from "../src/stories.ts";

const page = "http://192.168.4.1";

/** A phone with nothing but a browser. */
export const scenario: Scenario = {
  name: "a phone without the app is led to the portal by DHCP, DNS and its probe, hears of a wrong passphrase there, and binds with a code",
  run: async (lab) => {
    const { device, phone, router, cloud } = lab;
    await router.open(homeRouter);
    await device.start({ args: ["--portal", "on"] });
    await phone.join(device.ssid, softApPassphrase);
    const names = await mustRunIn(
      "phone",
      "busybox",
      "nslookup",
      "connectivitycheck.gstatic.com",
      "192.168.4.1",
    );
    assert.match(names, /Address.*192\.168\.4\.1\b/);
    // udhcpc prints an option that it does not know in hexadecimal digits.
    assert.match(phone.lease(), new RegExp(Buffer.from("http://192.168.4.1/captive").toString("hex"), "i"));
    assert.match(phone.lease(), /^dns=192\.168\.4\.1$/m);
    assert.match(
      await probe("connectivitycheck.gstatic.com", "/generate_204"),
      /302[^]*Location: http:\/\/192\.168\.4\.1\//i,
    );
    assert.match(await get(page), /<form/);

    await post({ network: "", ssid: home.ssid, passphrase: "WRONGPASS", code: "" });
    await waitUntil("the page tells the reason", 60_000, async () => (await get(page)).includes("SA2101"));
    assert.ok(!(await get(page)).includes("WRONGPASS"), "no secret is in the page");
    const code = await cloud.bindCode();
    await post({ network: "", ssid: home.ssid, passphrase: home.passphrase, code });
    await device.connected();
    await device.softap.until("bound", isEvent("bound"));
    await cloud.bind(code, device.name);
    await mustBeUsable(lab);
  },
};

function get(url: string): Promise<string> {
  return mustRunIn("phone", "busybox", "wget", "-q", "-O", "-", url);
}

/** What a system hears that asks its maker's host for internet, word for word. */
function probe(host: string, path: string): Promise<string> {
  return talk(`GET ${path} HTTP/1.1`, [`Host: ${host}`], "");
}

async function post(fields: Readonly<Record<string, string>>): Promise<void> {
  const body = new URLSearchParams(fields).toString();
  const type = "Content-Type: application/x-www-form-urlencoded";
  const headers = ["Host: 192.168.4.1", `Origin: ${page}`, type, `Content-Length: ${body.length}`];
  assert.match(await talk("POST /join HTTP/1.1", headers, body), /^HTTP\/1.1 303 /);
}

function talk(first: string, headers: readonly string[], body: string): Promise<string> {
  writeFileSync("/run/lab/request", [first, ...headers, "Connection: close", "", body].join("\r\n"));
  return mustRunIn("phone", "sh", "-c", "busybox nc -w 5 192.168.4.1 80 </run/lab/request");
}
