import { describe, expect, test } from "vitest";
import { ProvisioningState } from "@softap/device";
import { Portal, type PortalOptions, portalLimits } from "@softap/device/portal";
import { neverCanceled, type SoftApOptions } from "@softap/ports";
import { displayBytes, encodeUtf8 } from "@softap/protocol";
import { browse, connectTo, joinForm } from "./portal-browser.ts";
import { World, type WorldOptions } from "./world.ts";

function worldWith(portal: PortalOptions = {}, options: WorldOptions = {}): World {
  return new World({ ...options, device: { portal: new Portal(portal), ...options.device } });
}

async function keptName(world: World): Promise<string> {
  const kept = await world.radio.station.keptSsid({ signal: neverCanceled });
  return kept === undefined ? "" : displayBytes(kept);
}

async function status(world: World, language = "en"): Promise<string> {
  return (await browse(world, `/status?lang=${language}`)).body;
}

/** What each system asks for, the host it asks, and what it takes for the internet. */
const probes: readonly (readonly [
  system: string,
  host: string,
  path: string,
  status: number,
  body: string,
])[] = [
  ["Android", "connectivitycheck.gstatic.com", "/generate_204", 204, ""],
  ["Android, fallback", "www.google.com", "/gen_204", 204, ""],
  ["ChromeOS", "clients3.google.com", "/generate_204", 204, ""],
  ["Huawei", "connectivitycheck.platform.hicloud.com", "/generate_204_5ca2b1f0", 204, ""],
  ["Xiaomi", "connect.rom.miui.com", "/generate_204", 204, ""],
  ["iOS and macOS", "captive.apple.com", "/hotspot-detect.html", 200, "<BODY>Success</BODY>"],
  ["iOS, older", "www.apple.com", "/library/test/success.html", 200, "<BODY>Success</BODY>"],
  ["macOS, bare", "captive.apple.com", "/", 200, "<BODY>Success</BODY>"],
  ["Windows 10", "www.msftconnecttest.com", "/connecttest.txt", 200, "Microsoft Connect Test"],
  ["Windows 10, browser", "www.msftconnecttest.com", "/redirect", 200, ""],
  ["Windows 7", "www.msftncsi.com", "/ncsi.txt", 200, "Microsoft NCSI"],
  ["Firefox", "detectportal.firefox.com", "/canonical.html", 200, "captive-portal"],
  ["Firefox, older", "detectportal.firefox.com", "/success.txt?ipv4", 200, "success\n"],
  ["NetworkManager", "nmcheck.gnome.org", "/check_network_status.txt", 200, "NetworkManager is online\n"],
];

describe("connectivity probes", () => {
  test.each(probes)("of %s are sent to the page when the portal is on", async (_system, host, path) => {
    const world = worldWith();
    await world.open();
    const reply = await browse(world, path, {
      host,
      headers: { "User-Agent": "probe", Connection: "close" },
    });
    expect(reply).toMatchObject({ status: 302, headers: { location: "http://192.168.4.1/" } });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test.each(probes)("of %s find the internet when the portal is for the app only", async (...row) => {
    const [, host, path, expected, body] = row;
    const world = worldWith({ mode: "app-only" });
    await world.open();
    const reply = await browse(world, path, { host });
    expect(reply.status).toBe(expected);
    expect(reply.body).toContain(body);
    expect(reply.headers).not.toHaveProperty("location");
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("are not answered at all without a portal", async () => {
    const world = new World();
    await world.open();
    await expect(connectTo(world)).rejects.toMatchObject({ code: "CONNECTION_REFUSED" });
  });
});

describe("the soft AP", () => {
  test.each([
    ["on", { mode: "on" }, { portalUrl: "http://192.168.4.1/captive", answersNames: true }],
    ["on, on a port of its own", { port: 8080 }, { portalUrl: "http://192.168.4.1:8080/captive" }],
    ["for the app only", { mode: "app-only" }, { answersNames: true }],
    ["on a port that the system chooses", { port: 0 }, { answersNames: true }],
    ["where others answer names", { dnsPort: "off" }, { portalUrl: "http://192.168.4.1/captive" }],
  ] satisfies [string, PortalOptions, Partial<SoftApOptions>][])(
    "hears of a portal %s what phones are to hear",
    (_story, options, told) => {
      const softAp = { ssid: encodeUtf8("softap-lamp"), passphrase: undefined };
      const announced = new Portal(options).announcedBy(softAp);
      expect(announced).toMatchObject({ ...softAp, ...told });
      expect("portalUrl" in announced).toBe("portalUrl" in told);
    },
  );
});

describe("the captive portal API", () => {
  test("says where the page is, and DHCP says where the API is", async () => {
    const world = worldWith();
    const started: SoftApOptions[] = [];
    const start = world.radio.softAp.start.bind(world.radio.softAp);
    world.radio.softAp.start = (options, call) => {
      started.push(options);
      return start(options, call);
    };
    await world.open();
    expect(started).toMatchObject([{ portalUrl: "http://192.168.4.1/captive", answersNames: true }]);
    const reply = await browse(world, "/captive", { headers: { Accept: "application/captive+json" } });
    expect(reply.headers["content-type"]).toBe("application/captive+json");
    expect(JSON.parse(reply.body)).toEqual({ captive: true, "user-portal-url": "http://192.168.4.1/" });
    await world.end();
  });

  test("says that there is no portal when it is for the app only", async () => {
    const world = worldWith({ mode: "app-only" });
    await world.open();
    expect(JSON.parse((await browse(world, "/captive")).body)).toEqual({ captive: false });
    const page = await browse(world, "/", { headers: { "Accept-Language": "zh-CN" } });
    expect(page.body).toContain("请使用应用");
    expect((await browse(world, "/join", { form: joinForm({}) })).status).toBe(403);
    expect(world.steps).not.toContain("credentialsReceived");
    await world.end();
  });
});

describe("names", () => {
  const ask = async (world: World, query: Uint8Array): Promise<string> => {
    const socket = await world.phoneHost.datagrams.open({ port: 0, signal: neverCanceled });
    let answer: Uint8Array | undefined;
    socket.onDatagram = (bytes) => {
      answer = bytes;
    };
    await socket.send(query, { address: "192.168.4.1", port: 53 }, { signal: neverCanceled });
    await world.clock.advance(100);
    socket.close();
    return answer === undefined ? "nothing" : Array.from(answer.slice(-4)).join(".");
  };
  const query = (name: string): Uint8Array =>
    Uint8Array.from(
      [
        [7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        name.split(".").flatMap((label) => [label.length, ...encodeUtf8(label)]),
        [0, 0, 1, 0, 1],
      ].flat(),
    );

  test("are all the device, but for the one by which Windows knows a name server", async () => {
    for (const [mode, windows] of [
      ["on", "192.168.4.1"],
      ["app-only", "131.107.255.255"],
    ] as const) {
      const world = worldWith({ mode });
      await world.open();
      expect(await ask(world, query("captive.apple.com"))).toBe("192.168.4.1");
      expect(await ask(world, query("dns.msftncsi.com"))).toBe(windows);
      expect(await world.end()).toEqual({ timers: [], sessions: 0 });
    }
  });

  test("are answered as soon as the soft AP is back, when an attempt was taken up without it", async () => {
    const world = worldWith({}, { joinMs: 4_000, radio: { capabilities: { softApWhileStation: false } } });
    await world.open();
    await browse(world, "/join", { form: joinForm({ passphrase: "wrong-one" }) });
    await world.clock.advance(3_000);
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    expect(world.radio.softAp.isUp).toBe(false);
    await world.until(() => world.radio.softAp.isUp);
    await world.phone();
    await world.clock.advance(portalLimits.dnsRetryMs);
    expect(await ask(world, query("captive.apple.com"))).toBe("192.168.4.1");
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("are left to the soft AP's own server, by setting or because it was there first", async () => {
    const off = worldWith({ dnsPort: "off" });
    await off.open();
    expect(await ask(off, query("a.example"))).toBe("nothing");
    await off.end();

    const taken = worldWith();
    const other = await taken.deviceHost.datagrams.open({ port: 53, signal: neverCanceled });
    await taken.open();
    expect((await browse(taken, "/")).status).toBe(200);
    expect(taken.log.toString()).toContain("ADDRESS_IN_USE");
    await taken.end();
    other.close();
  });
});

describe("the page", () => {
  test("takes wrong, wrong and right, tells each reason, and keeps the name", async () => {
    const world = worldWith();
    await world.open();
    await world.clock.advance(100);
    const first = await browse(world, "/", { headers: { "Accept-Language": "en" } });
    expect(first.body).toContain("Home-WiFi");
    expect(first.body).not.toContain(">lamp<");
    for (const passphrase of ["wrong-one", "wrong-two"]) {
      const sent = await browse(world, "/join?lang=en", { form: joinForm({ passphrase, code: "ab2cd3" }) });
      expect(sent).toMatchObject({ status: 303, headers: { location: "/?lang=en" } });
      expect(await status(world)).toContain("Joining Home-WiFi");
      await world.until(() => world.steps.at(-1) === "attemptFailed");
      const failed = await browse(world, "/?lang=en");
      expect(failed.body).toContain("The router refused the Wi-Fi passphrase.");
      expect(failed.body).toMatch(/value="486f6d652d57694669" checked/);
      expect(await status(world, "zh")).toContain("路由器拒绝了 Wi-Fi 密码");
    }
    await browse(world, "/join?lang=en", { form: joinForm({ code: "ab2cd3" }) });
    await world.until(() => world.device.isProvisioningSuccessful());
    expect(await status(world)).toContain("The device is connected");
    expect(world.cloud.tokens).toEqual(["AB2CD3"]);
    expect(await keptName(world)).toBe("Home-WiFi");
    expect(world.stepList.at(-1)).toMatchObject({ name: "bound", attempt: 3 });
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("tries the same passphrase again when it is sent again", async () => {
    const world = worldWith();
    await world.open();
    for (const attempt of [1, 2]) {
      await browse(world, "/join", { form: joinForm({ passphrase: "wrong-one" }) });
      await world.until(() => world.stepList.at(-1)?.name === "attemptFailed");
      expect(world.stepList.at(-1)?.attempt).toBe(attempt);
    }
    await world.end();
  });

  test("sees an attempt that came as a datagram, and a phone sees the page's", async () => {
    const world = worldWith({}, { joinMs: 2_000 });
    const phone = await world.open();
    await phone.sendNetwork({ passphrase: "wrong-one", trace: "0a1b2c3d" });
    await world.clock.advance(500);
    expect(await status(world)).toContain("Joining the network");
    const late = await browse(world, "/join", { form: joinForm({}) });
    // Like any phone, the page may replace an attempt that has not joined yet.
    expect(late.status).toBe(303);
    await phone.sendNetwork({ passphrase: "wrong-one", trace: "0a1b2c3d" });
    await world.until(() => world.steps.at(-1) === "attemptFailed");
    expect(await status(world)).toContain("refused the Wi-Fi passphrase");
    expect(phone.errors.at(-1)).toMatchObject({ code: "WIFI_AUTH_FAILED" });
    await world.end();
  });

  test("hears that it came too late once the station has joined", async () => {
    const world = worldWith();
    world.cloud.answers = ["silent"];
    const phone = await world.open();
    await phone.sendNetwork({});
    await world.until(() => world.steps.includes("reportingToken"));
    await browse(world, "/join", { form: joinForm({ passphrase: "other-one" }) });
    expect(await status(world)).toContain("Signing in to the cloud");
    expect(world.stepList.at(-1)?.attempt).toBe(1);
    await world.end();
  });

  test("without a code is content with the network, and the cloud hears of no token", async () => {
    const world = worldWith();
    await world.open();
    await browse(world, "/join", { form: joinForm({}) });
    await world.until(() => world.steps.includes("networkKept"));
    expect(world.steps).toEqual([
      "softApStarted",
      "phoneJoined",
      "credentialsReceived",
      "joiningNetwork",
      "networkJoined",
      "networkKept",
    ]);
    expect(await status(world)).toContain("It has joined the network");
    expect(await keptName(world)).toBe("Home-WiFi");
    expect(await world.stored("softap.pending")).toBeUndefined();
    expect(await world.stored("softap.binding")).toBeUndefined();
    expect(world.device.queryState()).toBe(ProvisioningState.success);
    await world.until(() => world.events.some(({ type }) => type === "sessionEnded"));
    expect(world.events).toContainEqual({ type: "sessionEnded", result: "joined" });
    expect(world.events.map(({ type }) => type)).not.toContain("bound");
    expect(world.cloud.tokens).toEqual([]);
    await world.end();
  });

  test("without a code survives a power cut while joining", async () => {
    const world = worldWith({}, { joinMs: 3_000 });
    await world.open();
    await browse(world, "/join", { form: joinForm({}) });
    await world.clock.advance(1_000);
    await world.restart();
    await world.clock.complete(world.device.start(), 5_000);
    await world.until(() => world.steps.includes("networkKept"));
    expect(await keptName(world)).toBe("Home-WiFi");
    expect(world.cloud.tokens).toEqual([]);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("on a radio that does one thing at a time shows what was seen before the soft AP, and the reason when it is back", async () => {
    const world = worldWith({}, { radio: { capabilities: { softApWhileStation: false }, scanMs: 1_500 } });
    await world.open();
    const page = await browse(world, "/?lang=en");
    expect(page.body).toContain("Home-WiFi");
    expect(page.body).not.toContain('id="again"');
    const scans = (): number => world.radio.history.filter(({ what }) => what === "scanStarted").length;
    expect((await browse(world, "/search", { form: {} })).status).toBe(303);
    expect(scans()).toBe(1);
    await browse(world, "/join", { form: joinForm({ passphrase: "wrong-one" }) });
    expect(await status(world)).toContain("goes away meanwhile");
    await world.until(() => world.steps.includes("attemptFailed") && world.radio.softAp.isUp);
    await world.phone();
    expect(await status(world)).toContain("refused the Wi-Fi passphrase");
    await world.end();
  });

  test("searches again on demand, once for all who ask, and never while an attempt is under way", async () => {
    const world = worldWith({}, { radio: { scanMs: 2_000 }, joinMs: 3_000 });
    await world.open();
    const scans = (): number => world.radio.history.filter(({ what }) => what === "scanStarted").length;
    await world.clock.advance(3_000 + portalLimits.rescanGapMs);
    expect(scans()).toBe(1);
    world.air.addRouter({ ssid: "New one" });
    const list = await browse(world, "/networks", { form: {} });
    expect(list.body).toContain("New one");
    expect(scans()).toBe(2);
    await browse(world, "/search", { form: {} });
    expect(scans()).toBe(2);
    await world.clock.advance(portalLimits.rescanGapMs);
    await browse(world, "/join", { form: joinForm({}) });
    await browse(world, "/search", { form: {} });
    expect(scans()).toBe(2);
    await world.until(() => world.steps.includes("networkKept"));
    await world.end();
  });

  test("opens also when nothing can be searched", async () => {
    const world = worldWith({}, { radio: { capabilities: { softApWhileStation: false } } });
    world.radio.station.scan = () => Promise.reject(new Error("no scan"));
    await world.open();
    const page = await browse(world, "/?lang=en");
    expect(page.body).toContain("No network was found");
    expect(page.body).toMatch(/id="other" name="network" value="" checked/);
    await world.end();
  });

  test("refuses a wrong form beside the field, and echoes nothing but the name", async () => {
    const world = worldWith();
    await world.open();
    await world.clock.advance(100);
    const form = joinForm({ passphrase: "canary1", code: "CANARY2" });
    const reply = await browse(world, "/join?lang=en", { form });
    expect(reply.status).toBe(422);
    expect(reply.body).toContain("The passphrase has 8 to 63 characters.");
    expect(reply.body).toMatch(/value="486f6d652d57694669" checked/);
    expect(reply.body).not.toMatch(/canary/i);
    expect(world.steps).not.toContain("credentialsReceived");
    await world.end();
  });
});

describe("what is not served", () => {
  test.each([
    ["another site's form", { Origin: "http://evil.example" }],
    ["a form from nowhere", { Origin: "null" }],
    [
      "a form of another site that hides its origin",
      { Origin: "http://192.168.4.1", "Sec-Fetch-Site": "cross-site" },
    ],
  ])("%s", async (_what, headers) => {
    const world = worldWith();
    await world.open();
    expect((await browse(world, "/join", { form: joinForm({}), headers })).status).toBe(403);
    await world.clock.advance(1_000);
    expect(world.steps).not.toContain("credentialsReceived");
    await world.end();
  });

  test("a form to a name that was made to point here, and one that says nothing of where it comes from", async () => {
    const world = worldWith();
    await world.open();
    const rebound = await browse(world, "/join", { host: "evil.example", form: joinForm({}) });
    expect(rebound.status).toBe(403);
    const { stream, text, isClosed } = await connectTo(world);
    const body = "network=&ssid=Home-WiFi&passphrase=abcd1234";
    const head = `POST /join HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}`;
    await stream.write(encodeUtf8(`${head}\r\n\r\n${body}`), { signal: neverCanceled });
    await world.until(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 403 /);
    const json = await browse(world, "/join", { form: {}, headers: { "Content-Type": "text/plain" } });
    expect(json.status).toBe(400);
    expect(world.steps).not.toContain("credentialsReceived");
    await world.end();
  });

  test("pages that do not exist, and anybody beyond the soft AP", async () => {
    const world = worldWith();
    await world.open();
    expect((await browse(world, "/favicon.ico")).status).toBe(404);
    expect((await browse(world, "/nothing", { form: {} })).status).toBe(404);
    await browse(world, "/join", { form: joinForm({}) });
    await world.until(() => world.steps.includes("networkKept"));
    const neighbour = world.network.host("neighbour");
    const lan = world.router.segment;
    const lease = world.radio.station.status;
    if (lan === undefined || lease.state !== "joined") throw new Error("not joined");
    neighbour.attach(lan, "192.168.1.77");
    const reply = await browse(world, "/", { from: neighbour, to: lease.lease.address });
    expect(reply.status).toBe(0);
    await world.end();
  });

  test("every page says what the browser may load, and is not kept", async () => {
    const world = worldWith();
    await world.open();
    const { headers } = await browse(world, "/");
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; script-src 'sha256-[\w+/=]{44}'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    await world.end();
  });
});

describe("a hostile browser", () => {
  test("that drips its request is dropped in time", async () => {
    const world = worldWith();
    await world.open();
    const { stream, text, isClosed } = await connectTo(world);
    for (let sent = 0; sent < 200 && !isClosed(); sent++) {
      await stream.write(encodeUtf8("X"), { signal: neverCanceled }).catch(() => undefined);
      await world.clock.advance(100);
    }
    expect(isClosed()).toBe(true);
    expect(text()).toBe("");
    expect(world.clock.monotonicMs()).toBeLessThan(portalLimits.requestTimeoutMs + 1_000);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
  });

  test("that opens connection after connection keeps nobody else away", async () => {
    const world = worldWith();
    await world.open();
    const idle = [];
    for (let n = 0; n < portalLimits.maxConnections + 4; n++) idle.push(await connectTo(world));
    await world.clock.advance(10);
    expect(idle.filter(({ isClosed }) => isClosed())).toHaveLength(4);
    expect((await browse(world, "/")).status).toBe(200);
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
    expect(idle.every(({ isClosed }) => isClosed())).toBe(true);
  });

  test("that sends junk is told so and nothing else happens", async () => {
    const world = worldWith();
    await world.open();
    const { stream, text, isClosed } = await connectTo(world);
    await stream.write(Uint8Array.of(22, 3, 1, 2, 0, 13, 10, 13, 10), { signal: neverCanceled });
    await world.until(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    await world.end();
  });
});

describe("the session", () => {
  test("does not open when the portal's port is taken, and leaves nothing behind", async () => {
    const world = worldWith();
    const other = await world.deviceHost.streams.listen({
      port: 80,
      onConnection: () => {},
      signal: neverCanceled,
    });
    const opening = world.clock.complete(world.device.startSoftAp({ ssid: "lamp" }), 10_000);
    await expect(opening).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
    expect(world.radio.softAp.isUp).toBe(false);
    other.close();
    expect(await world.end()).toEqual({ timers: [], sessions: 0 });
    expect(world.deviceHost.openCount).toBe(0);
  });

  test("takes the portal down when it ends", async () => {
    const world = worldWith();
    await world.open();
    await browse(world, "/join", { form: joinForm({}) });
    await world.until(() => world.events.some(({ type }) => type === "sessionEnded"));
    await world.clock.advance(1_000);
    expect(world.deviceHost.openCount).toBe(0);
    await world.end();
  });

  test("refuses more tries than it allows, and the page says so", async () => {
    const world = worldWith({}, { device: { limits: { maxAttempts: 1 } } });
    await world.open();
    await browse(world, "/join", { form: joinForm({ passphrase: "wrong-one" }) });
    await world.until(() => world.steps.at(-1) === "attemptFailed");
    await browse(world, "/join", { form: joinForm({}) });
    expect(await status(world)).toContain("Too many tries");
    await world.end();
  });
});

test("no passphrase and no code is in a page, a place or a log", async () => {
  const world = worldWith();
  await world.open();
  await world.clock.advance(100);
  const seen: string[] = [];
  const keep = async (path: string, form?: Record<string, string>): Promise<void> => {
    const { headers, body } = await browse(world, path, form === undefined ? {} : { form });
    seen.push(JSON.stringify(headers), body);
  };
  for (const passphrase of ["canary-wrong", "canary-right"]) {
    if (passphrase === "canary-right") world.router.passphrase = undefined;
    await keep("/join?lang=en", joinForm({ passphrase, code: "CANARY" }));
    for (let poll = 0; poll < 5; poll++) {
      await keep("/status?lang=en");
      await keep("/?lang=zh");
      await world.clock.advance(200);
    }
  }
  expect(seen.join("")).toContain("Home-WiFi");
  expect(`${seen.join("")}${world.log.toString()}`).not.toMatch(/canary/i);
  await world.end();
});
