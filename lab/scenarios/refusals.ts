import assert from "node:assert/strict";
import type { ErrorCode } from "@softap/protocol";
import { deviceInterface, type DeviceStart } from "../src/device.ts";
import { mustRunIn, runIn, waitUntil } from "../src/namespace.ts";
import { Program } from "../src/program.ts";
import type { Lab, Scenario } from "../src/scenario.ts";
import { codeOf } from "../src/softap.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** What stands in the way of a device, and that it says so. */
export const scenario: Scenario = {
  name: "interface missing or unmanaged, radio blocked, no right, port or address range in use: each is refused by its name; then all is well",
  run: async (lab) => {
    await mustRefuse(lab, "WIFI_INTERFACE_MISSING", { args: ["--interface", "wlan9"] });
    await mustRefuse(lab, "PERMISSION_DENIED", { user: "nobody", args: ["--state", "/tmp/of-nobody"] });

    await mustRunIn("device", "rfkill", "block", "wifi");
    try {
      await mustRefuse(lab, "WIFI_BLOCKED");
    } finally {
      await runIn("device", "rfkill", "unblock", "wifi");
    }

    if (lab.backend === "networkmanager") await unmanaged(lab);

    const bind = 'require("node:dgram").createSocket("udp4").bind(8266)';
    const other = new Program({ place: "device", log: "/dev/null" }, process.execPath, "-e", bind);
    try {
      await waitUntil("the port is taken", 10_000, () => holdsPort(8266));
      await mustRefuse(lab, "ADDRESS_IN_USE");
    } finally {
      await other.stop();
    }

    await mustRunIn("device", "ip", "link", "add", "wired0", "type", "veth", "peer", "name", "wired1");
    try {
      await mustRunIn("device", "ip", "addr", "add", "192.168.4.77/24", "dev", "wired0");
      await mustRunIn("device", "ip", "link", "set", "wired0", "up");
      await mustRefuse(lab, "ADDRESS_RANGE_IN_USE");
    } finally {
      await runIn("device", "ip", "link", "del", "wired0");
    }

    await meet(lab);
    await mustBind(lab, lab.phone.provision(home));
  },
};

async function unmanaged(lab: Lab): Promise<void> {
  await mustRunIn("device", "nmcli", "device", "set", deviceInterface, "managed", "no");
  try {
    await mustRefuse(lab, "WIFI_UNMANAGED");
  } finally {
    await mustRunIn("device", "nmcli", "device", "set", deviceInterface, "managed", "yes");
  }
}

async function holdsPort(port: number): Promise<boolean> {
  const digits = port.toString(16).toUpperCase();
  return (await mustRunIn("device", "cat", "/proc/net/udp", "/proc/net/udp6")).includes(`:${digits} `);
}

async function mustRefuse({ device }: Lab, code: ErrorCode, start?: DeviceStart): Promise<void> {
  const { last, exit } = await device.launch(start).finished();
  assert.equal(codeOf(last) ?? last?.code, code);
  assert.ok(exit !== undefined && exit > 0, "it says so in its exit code, too");
}
