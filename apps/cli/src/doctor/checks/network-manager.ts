import { type Check, type CheckResult, ok, plain } from "../check.ts";
import { backendOf, chosenRadio } from "../radio-facts.ts";

/** Oldest version whose soft AP and profiles behave as needed. */
const leastVersion = [1, 42] as const;

/** Does NetworkManager run, is it new enough, and is the radio its own? */
export const networkManagerCheck: Check = {
  name: "network-manager",
  title: { en: "NetworkManager", zh: "NetworkManager" },
  needs: ["radio"],
  async run(environment) {
    const { machine, settings } = environment;
    const isNeeded = settings.wifi === "networkmanager";
    if (backendOf(environment) === "wpa")
      return ok({
        en: "not used: wpa_supplicant serves the radio",
        zh: "未使用：由 wpa_supplicant 管理网卡",
      });
    const general = await machine.run("nmcli", ["-t", "-f", "RUNNING,VERSION", "general"]);
    const [running, version = ""] = (general?.stdout.trim() ?? "").split(":");
    if (running !== "running")
      return {
        state: isNeeded ? "fail" : "warn",
        code: "WIFI_SUPPLICANT_GONE",
        detail: { en: "NetworkManager does not run", zh: "NetworkManager 未运行" },
        action: { en: "Run systemctl start NetworkManager", zh: "请运行 systemctl start NetworkManager" },
      };
    const tooOld = versionProblem(version);
    if (tooOld !== undefined) return tooOld;
    const interfaceName = (await chosenRadio(environment))?.interfaceName ?? "";
    const devices = await machine.run("nmcli", ["-t", "-f", "DEVICE,STATE", "device"]);
    const state = devices?.stdout
      .split("\n")
      .map((line) => line.split(":"))
      .find(([device]) => device === interfaceName)?.[1];
    if (state === undefined || state === "unmanaged")
      return {
        state: isNeeded ? "fail" : "warn",
        code: "WIFI_UNMANAGED",
        detail: plain(interfaceName),
        action: {
          en: `Run nmcli device set ${interfaceName} managed yes, or give --wifi wpa`,
          zh: `请运行 nmcli device set ${interfaceName} managed yes，或指定 --wifi wpa`,
        },
      };
    return ok(plain(`${version}, ${interfaceName} ${state}`));
  },
};

function versionProblem(version: string): CheckResult | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor, leastMinor] = leastVersion;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return {
    state: "warn",
    code: "WIFI_SUPPLICANT_GONE",
    detail: {
      en: `version ${version} is older than ${leastVersion.join(".")}`,
      zh: `版本 ${version} 低于 ${leastVersion.join(".")}`,
    },
    action: {
      en: "Update NetworkManager, or give --wifi wpa",
      zh: "请升级 NetworkManager，或指定 --wifi wpa",
    },
  };
}
