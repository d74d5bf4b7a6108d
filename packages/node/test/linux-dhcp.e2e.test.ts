import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { findProgram } from "../src/linux/command.ts";

const program = fileURLToPath(new URL("programs/serve-phone.ts", import.meta.url));
const hasPrograms = ["dnsmasq", "udhcpc", "ip", "unshare"].every((name) => findProgram(name) !== undefined);

/** Whether this user may make a network of its own, with a wire in it. */
function mayMakeNetworks(): boolean {
  try {
    execFileSync("unshare", ["-n", "ip", "link", "add", "a0", "type", "veth", "peer", "name", "b0"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

/** What a phone is told by the DHCP server, by udhcpc's names. */
async function toldToPhone(softAp: object): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "softap-dhcp-"));
  try {
    const args = ["-n", process.execPath, "--conditions=source", program, folder, JSON.stringify(softAp)];
    const { stdout } = await promisify(execFile)("unshare", args, { timeout: 15_000 });
    return Object.fromEntries(stdout.split("\n").map((line) => line.split("=", 2)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(!hasPrograms || !mayMakeNetworks())(
  "startDhcpServer() (skipped without dnsmasq, udhcpc or the right to make a network)",
  () => {
    test("names the device as the name server, and the portal's URL, when there is a portal", async () => {
      const told = await toldToPhone({ answersNames: true, portalUrl: "http://192.168.4.1/captive" });
      expect(told).toMatchObject({ router: "192.168.4.1", subnet: "255.255.255.0", dns: "192.168.4.1" });
      expect(told["ip"]).toMatch(/^192\.168\.4\.\d+$/);
      expect(Buffer.from(told["opt114"] ?? "", "hex").toString()).toBe("http://192.168.4.1/captive");
    });

    test("names neither without a portal", async () => {
      const told = await toldToPhone({});
      expect(told["ip"]).toMatch(/^192\.168\.4\.\d+$/);
      expect([told["dns"], told["opt114"]]).toEqual([undefined, undefined]);
    });
  },
);
