import assert from "node:assert/strict";
import type { ErrorCode } from "@softap/protocol";
import { mustRunIn, runIn } from "../src/namespace.ts";
import type { Lab, Scenario } from "../src/scenario.ts";
import { codeOf } from "../src/softap.ts";
import { home, meet, mustBind } from "../src/stories.ts";

/** What stands in the way of a device, and that it says so. */
export const scenario: Scenario = {
  name: "interface missing, radio blocked, address range in use: each is refused by its name; then all is well",
  run: async (lab) => {
    await mustRefuse(lab, "WIFI_INTERFACE_MISSING", ["--interface", "wlan9"]);

    await mustRunIn("device", "rfkill", "block", "wifi");
    try {
      await mustRefuse(lab, "WIFI_BLOCKED");
    } finally {
      await runIn("device", "rfkill", "unblock", "wifi");
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

async function mustRefuse({ device }: Lab, code: ErrorCode, args: readonly string[] = []): Promise<void> {
  const { last, exit } = await device.launch({ args }).finished();
  assert.equal(codeOf(last) ?? last?.code, code);
  assert.ok(exit !== undefined && exit > 0, "it says so in its exit code, too");
}
