import type { PageReply } from "./http/reply.ts";

/** Address under which Windows knows that it asks a real name server. Source: Microsoft, Network Connectivity Status Indicator. */
const windowsNames: Readonly<Record<string, string>> = { "dns.msftncsi.com": "131.107.255.255" };

/** What Apple's systems want to read. */
const appleSuccess: PageReply = {
  status: 200,
  type: "text/html",
  body: "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>",
};

/** Paths of the connectivity probes, and the answer that each takes for the internet. Source: what the systems send. */
const internetOfPath: Readonly<Record<string, PageReply>> = {
  // Android, ChromeOS, Huawei, Xiaomi and other makers, each from a host of its own.
  "/generate_204": { status: 204 },
  "/gen_204": { status: 204 },
  // iOS and macOS.
  "/hotspot-detect.html": appleSuccess,
  "/library/test/success.html": appleSuccess,
  // Windows 10 and later; Windows 7 and 8.
  "/connecttest.txt": { status: 200, type: "text/plain", body: "Microsoft Connect Test" },
  "/ncsi.txt": { status: 200, type: "text/plain", body: "Microsoft NCSI" },
  "/redirect": { status: 200, type: "text/plain", body: "" },
  // Firefox.
  "/canonical.html": {
    status: 200,
    type: "text/html",
    body: '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
  },
  "/success.txt": { status: 200, type: "text/plain", body: "success\n" },
  // NetworkManager as GNOME, Debian and others ship it.
  "/check_network_status.txt": { status: 200, type: "text/plain", body: "NetworkManager is online\n" },
  "/nm": { status: 200, type: "text/plain", body: "NetworkManager is online\n" },
};

/** What a system wants to hear to believe that it is on the internet; `undefined` for what is no probe. */
export function internetReply({ host, path }: { host: string; path: string }): PageReply | undefined {
  if (host === "captive.apple.com") return appleSuccess;
  // Huawei puts a random text behind it.
  if (path.startsWith("/generate_204")) return { status: 204 };
  return Object.hasOwn(internetOfPath, path) ? internetOfPath[path] : undefined;
}

/** Where a name is that a system knows the right answer to; `undefined` for every other name. */
export function internetAddress(name: string): string | undefined {
  return Object.hasOwn(windowsNames, name) ? windowsNames[name] : undefined;
}
