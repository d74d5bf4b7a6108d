import { type Check, ok, plain } from "../check.ts";
import { backendOf } from "../radio-facts.ts";

/** What a device asks of NetworkManager. */
const neededRights = ["network-control", "settings.modify.system", "wifi.share.protected"];

/** Bits of a process's capabilities. */
const capability = { netBindService: 1n << 10n, netAdmin: 1n << 12n } as const;

/** May this user run the radio? */
export const permissionsCheck: Check = {
  name: "permissions",
  title: { en: "Permissions", zh: "权限" },
  async run(environment) {
    const { machine, isRoot, settings } = environment;
    if (isRoot) return ok(plain("root"));
    if (settings.wifi === "virtual") return ok({ en: "none needed", zh: "无需特权" });
    const status = (await machine.readText("/proc/self/status")) ?? "";
    const held = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
    const missing: string[] = [];
    if ((held & capability.netAdmin) === 0n) missing.push("CAP_NET_ADMIN");
    if (settings.portalPort !== undefined && (held & capability.netBindService) === 0n)
      missing.push("CAP_NET_BIND_SERVICE");
    if (backendOf(environment) === "networkmanager") {
      const told = await machine.run("nmcli", ["-t", "-f", "PERMISSION,VALUE", "general", "permissions"]);
      const granted = (told?.stdout ?? "").split("\n").filter((line) => line.endsWith(":yes"));
      for (const right of neededRights)
        if (!granted.includes(`org.freedesktop.NetworkManager.${right}:yes`))
          missing.push(`NetworkManager ${right}`);
    }
    if (missing.length === 0) return ok(plain("CAP_NET_ADMIN, NetworkManager"));
    return {
      state: "warn",
      code: "PERMISSION_DENIED",
      detail: { en: `this user lacks ${missing.join(", ")}`, zh: `当前用户缺少 ${missing.join("、")}` },
      action: {
        en: 'Run as root, or let "softap device install" make a service that has them',
        zh: "请以 root 运行，或用 softap device install 安装为服务",
      },
    };
  },
};
