import { type Check, ok, plain } from "../check.ts";
import { backendOf } from "../radio-facts.ts";

/** Programs that a back-end starts or asks, with the Debian package that brings each; one of a row is enough. */
const programs = {
  networkmanager: [
    [["iw"], "iw"],
    [["wpa_supplicant"], "wpasupplicant"],
    [["dnsmasq"], "dnsmasq-base"],
  ],
  wpa: [
    [["iw"], "iw"],
    [["ip"], "iproute2"],
    [["wpa_supplicant"], "wpasupplicant"],
    [["wpa_cli"], "wpasupplicant"],
    [["hostapd"], "hostapd"],
    [["dnsmasq"], "dnsmasq-base"],
    [["udhcpc", "dhclient", "dhcpcd"], "udhcpc"],
  ],
} as const;

/** Are the programs installed that the radio needs? */
export const programsCheck: Check = {
  name: "programs",
  title: { en: "Programs", zh: "所需程序" },
  async run(environment) {
    const { machine } = environment;
    const rows = programs[backendOf(environment)];
    const missing = rows.filter(([names]) => names.every((name) => machine.find(name) === undefined));
    if (missing.length === 0) return ok(plain(rows.map(([names]) => names[0]).join(", ")));
    const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
    return {
      state: "fail",
      code: "WIFI_PROGRAM_MISSING",
      detail: plain(missing.map(([names]) => names.join(" / ")).join(", ")),
      action: { en: `Run apt install ${packages}`, zh: `请运行 apt install ${packages}` },
    };
  },
};
