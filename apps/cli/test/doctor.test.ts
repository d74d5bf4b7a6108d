import { errorRegistry, softApError } from "@softap/protocol";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { otherChecks, radioChecks } from "../src/doctor/all-checks.ts";
import { type Check, type CheckResult, type DoctorSettings, ok, plain } from "../src/doctor/check.ts";
import { CloudProbe } from "../src/doctor/cloud-probe.ts";
import { diagnose, type Finding } from "../src/doctor/diagnose.ts";
import { FindingsPrinter } from "../src/doctor/findings-printer.ts";
import { FakeMachine } from "./fake-machine.ts";

const wlan = "/sys/class/net/wlan0";

/** What the kernel tells of a radio that can do everything. */
const radioFiles = {
  [`${wlan}/phy80211/name`]: "phy0\n",
  [`${wlan}/device/driver`]: "-> ../../../bus/sdio/drivers/brcmfmac",
  [`${wlan}/phy80211/rfkill0/soft`]: "0\n",
  [`${wlan}/phy80211/rfkill0/hard`]: "0\n",
};

const modes = "\tSupported interface modes:\n\t\t * managed\n\t\t * AP\n";
const channel1 = "\t\t\t* 2412 MHz [1] (20.0 dBm)\n\t\t\t* 2417 MHz [2] (20.0 dBm)\n";
const channel36 = "\t\t\t* 5180 MHz [36] (20.0 dBm)\n";
const both =
  "\tvalid interface combinations:\n\t\t * #{ managed } <= 1, #{ AP } <= 1,\n\t\t   total <= 2, #channels <= 1\n";

const wholeAnswers = {
  "iw phy phy0 info": modes + channel1 + channel36 + both,
  "iw reg get": "global\ncountry DE: DFS-ETSI\n",
  wpa_supplicant: "",
  dnsmasq: "",
  NetworkManager: "",
  "nmcli -t -f RUNNING,VERSION general": "running:1.42.4\n",
  "nmcli -t -f DEVICE,STATE device": "eth0:connected\nwlan0:disconnected\n",
  "nmcli -t -f PERMISSION,VALUE general permissions": "org.freedesktop.NetworkManager.network-control:yes\n",
  "timedatectl show --property=NTPSynchronized --value": "yes\n",
};

const baseSettings: DoctorSettings = {
  wifi: "auto",
  interfaceName: undefined,
  port: 8266,
  logPort: 9876,
  portalPort: 80,
  cloudHost: undefined,
  mqttPort: 8883,
  productId: undefined,
  deviceName: undefined,
  credentials: undefined,
  stateFolder: undefined,
};

const every: readonly Check[] = [...radioChecks, ...otherChecks];

/** A machine on which everything is well but for what a case says. */
interface Situation {
  readonly answers?: Readonly<Record<string, string | number>>;
  readonly without?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly addresses?: readonly { interfaceName: string; cidr: string }[];
  readonly settings?: Partial<DoctorSettings>;
  readonly nowMs?: number;
  readonly isRoot?: boolean;
}

async function look(situation: Situation = {}): Promise<ReadonlyMap<string, CheckResult>> {
  const settings = { ...baseSettings, ...situation.settings };
  const answers = Object.fromEntries(
    Object.entries({ ...wholeAnswers, ...situation.answers }).filter(
      ([line]) => !(situation.without ?? []).includes(line.split(" ")[0] ?? ""),
    ),
  );
  const { signal } = new AbortController();
  const findings = await diagnose(
    every,
    {
      settings,
      machine: new FakeMachine({
        answers,
        files: { ...radioFiles, ...situation.files },
        addresses: situation.addresses ?? [{ interfaceName: "eth0", cidr: "192.168.1.7/24" }],
      }),
      cloud: new CloudProbe(settings, signal),
      nowMs: () => situation.nowMs ?? Date.UTC(2026, 10, 22),
      isRoot: situation.isRoot ?? true,
    },
    { listener: { begun: () => {}, found: () => {} }, signal },
  );
  return new Map(findings.map(({ check, result }) => [check.name, result]));
}

/** A row of the kernel's table of sockets: all addresses, one port, listening or not. */
function socketRow(address: string, port: number, state: string): string {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return `  sl  local_address rem_address   st\n   0: ${address}:${hex} 00000000:0000 ${state} 00000000:00000000 00:00000000\n`;
}

describe("doctor", () => {
  test("finds nothing wrong where nothing is wrong", async () => {
    const results = await look();
    const states = Object.fromEntries([...results].map(([name, { state }]) => [name, state]));
    expect(states).toEqual({
      radio: "ok",
      rfkill: "ok",
      programs: "ok",
      modes: "ok",
      "both-roles": "ok",
      country: "ok",
      channels: "ok",
      "network-manager": "ok",
      permissions: "ok",
      ports: "ok",
      "address-range": "ok",
      clock: "ok",
      state: "skip",
      "cloud-dns": "skip",
      "cloud-tcp": "skip",
      "cloud-tls": "skip",
      "cloud-login": "skip",
      "cloud-time": "skip",
    });
    expect(results.get("radio")).toEqual(ok(plain("wlan0, phy0, brcmfmac")));
    expect(results.get("channels")).toEqual(ok(plain("1–2, 36")));
  });

  const cases: Readonly<
    Record<string, Situation & { readonly check: string; readonly state: string; readonly code: string }>
  > = {
    "no such interface": {
      settings: { interfaceName: "wlan7" },
      check: "radio",
      state: "fail",
      code: "WIFI_INTERFACE_MISSING",
    },
    "a radio switched off by software": {
      files: { [`${wlan}/phy80211/rfkill0/soft`]: "1\n" },
      check: "rfkill",
      state: "fail",
      code: "WIFI_BLOCKED",
    },
    "a radio switched off by its switch": {
      files: { [`${wlan}/phy80211/rfkill0/hard`]: "1\n" },
      check: "rfkill",
      state: "fail",
      code: "WIFI_BLOCKED",
    },
    "a missing program": {
      without: ["dnsmasq"],
      check: "programs",
      state: "fail",
      code: "WIFI_PROGRAM_MISSING",
    },
    "a radio that is client only": {
      answers: { "iw phy phy0 info": channel1 },
      check: "modes",
      state: "fail",
      code: "WIFI_NO_SOFT_AP",
    },
    "no country": {
      answers: { "iw reg get": "global\ncountry 00: DFS-UNSET\n" },
      check: "country",
      state: "warn",
      code: "WIFI_COUNTRY_UNSET",
    },
    "no channel for a soft AP": {
      answers: { "iw phy phy0 info": `${modes}\t\t\t* 2412 MHz [1] (20.0 dBm) (no IR)\n` },
      check: "channels",
      state: "fail",
      code: "WIFI_COUNTRY_UNSET",
    },
    "a soft AP on 5 GHz only": {
      answers: { "iw phy phy0 info": modes + channel36 },
      check: "channels",
      state: "warn",
      code: "WIFI_COUNTRY_UNSET",
    },
    "NetworkManager at rest": {
      answers: { "nmcli -t -f RUNNING,VERSION general": 8 },
      check: "network-manager",
      state: "warn",
      code: "WIFI_SUPPLICANT_GONE",
    },
    "NetworkManager at rest where it is told to serve": {
      settings: { wifi: "networkmanager" },
      answers: { "nmcli -t -f RUNNING,VERSION general": 8 },
      check: "network-manager",
      state: "fail",
      code: "WIFI_SUPPLICANT_GONE",
    },
    "an old NetworkManager": {
      answers: { "nmcli -t -f RUNNING,VERSION general": "running:1.30.6\n" },
      check: "network-manager",
      state: "warn",
      code: "WIFI_SUPPLICANT_GONE",
    },
    "an interface that NetworkManager leaves alone": {
      answers: { "nmcli -t -f DEVICE,STATE device": "wlan0:unmanaged\n" },
      check: "network-manager",
      state: "warn",
      code: "WIFI_UNMANAGED",
    },
    "a user without rights": {
      isRoot: false,
      files: { "/proc/self/status": "CapEff:\t0000000000000000\n" },
      check: "permissions",
      state: "warn",
      code: "PERMISSION_DENIED",
    },
    "provisioning's UDP port taken": {
      files: { "/proc/net/udp": socketRow("00000000", 8266, "07") },
      check: "ports",
      state: "fail",
      code: "ADDRESS_IN_USE",
    },
    "provisioning's TCP port taken by IPv6": {
      files: { "/proc/net/tcp6": socketRow("0".repeat(32), 8266, "0A") },
      check: "ports",
      state: "fail",
      code: "ADDRESS_IN_USE",
    },
    "a web server on port 80": {
      files: { "/proc/net/tcp": socketRow("00000000", 80, "0A") },
      check: "ports",
      state: "warn",
      code: "ADDRESS_IN_USE",
    },
    "the soft AP's addresses on another interface": {
      addresses: [{ interfaceName: "eth0", cidr: "192.168.4.20/22" }],
      check: "address-range",
      state: "fail",
      code: "ADDRESS_RANGE_IN_USE",
    },
    "a clock of 1970": { nowMs: 60_000, check: "clock", state: "fail", code: "CLOCK_WRONG" },
    "a clock that nobody sets": {
      answers: { "timedatectl show --property=NTPSynchronized --value": "no\n" },
      check: "clock",
      state: "warn",
      code: "CLOCK_WRONG",
    },
    "a host that does not exist": {
      settings: { cloudHost: "cloud.invalid" },
      check: "cloud-dns",
      state: "fail",
      code: "HOST_NOT_FOUND",
    },
    "a cloud where nobody listens": {
      settings: { cloudHost: "127.0.0.1", mqttPort: 9 },
      check: "cloud-tcp",
      state: "fail",
      code: "CONNECTION_REFUSED",
    },
  };

  test.each(Object.entries(cases))("names %s", async (_name, { check, state, code, ...situation }) => {
    expect((await look(situation)).get(check)).toMatchObject({ state, code });
  });

  test.each([
    ["a web server of this machine alone", { "/proc/net/tcp": socketRow("0100007F", 80, "0A") }],
    ["a connection that came from port 8266", { "/proc/net/tcp": socketRow("00000000", 8266, "01") }],
    ["a name server of this machine alone", { "/proc/net/udp": socketRow("3500007F", 53, "07") }],
  ])("does not blame %s", async (_name, files) => {
    expect((await look({ files })).get("ports")?.state).toBe("ok");
  });

  test("does not look at the portal's ports where the portal is off", async () => {
    const files = { "/proc/net/tcp": socketRow("00000000", 80, "0A") };
    expect((await look({ files, settings: { portalPort: undefined } })).get("ports")?.state).toBe("ok");
  });

  test("the radio's own address on the soft AP is no conflict", async () => {
    const addresses = ["wlan0", "wlan0ap"].map((interfaceName) => ({
      interfaceName,
      cidr: "192.168.4.1/24",
    }));
    expect((await look({ addresses })).get("address-range")?.state).toBe("ok");
  });

  test("a machine without NetworkManager needs hostapd and a DHCP client, and is told so", async () => {
    const results = await look({ without: ["NetworkManager", "nmcli"] });
    expect(results.get("network-manager")?.state).toBe("ok");
    expect(results.get("programs")).toMatchObject({
      state: "fail",
      code: "WIFI_PROGRAM_MISSING",
      action: { en: "Run apt install iproute2 wpasupplicant hostapd udhcpc" },
    });
  });
});

describe("diagnose()", () => {
  const environment = {
    settings: baseSettings,
    machine: new FakeMachine(),
    cloud: new CloudProbe(baseSettings, new AbortController().signal),
    nowMs: () => 0,
    isRoot: true,
  };
  const listener = { begun: () => {}, found: () => {} };
  const check = (name: string, run: Check["run"], needs: readonly string[] = []): Check => ({
    name,
    title: plain(name),
    needs,
    run,
  });
  const statesOf = (findings: readonly Finding[]): readonly string[] =>
    findings.map(({ result }) => result.state);

  test("skips what stands behind a failed check, however far", async () => {
    const well = async (): Promise<CheckResult> => ok(plain("well"));
    const findings = await diagnose(
      [
        check("a", async () => ({ state: "fail", code: "WIFI_BLOCKED" })),
        check("b", well, ["a"]),
        check("c", well, ["b"]),
        check("d", well),
      ],
      environment,
      { listener, signal: new AbortController().signal },
    );
    expect(statesOf(findings)).toEqual(["fail", "skip", "skip", "ok"]);
  });

  test("an error of a check is a finding, and the others still run", async () => {
    const findings = await diagnose(
      [
        check("a", async () => {
          throw softApError("STORE_CORRUPT", "The saved state is damaged: it is cut off");
        }),
        check("b", async () => {
          throw new TypeError("canary-secret");
        }),
        check("c", async () => ok(plain("well"))),
      ],
      environment,
      { listener, signal: new AbortController().signal },
    );
    expect(findings.map(({ result }) => result)).toMatchObject([
      { state: "fail", code: "STORE_CORRUPT" },
      { state: "fail", code: "INTERNAL" },
      { state: "ok" },
    ]);
    expect(JSON.stringify(findings)).not.toContain("canary");
  });

  test("runs nothing more once the time is over", async () => {
    const over = new AbortController();
    const findings = await diagnose(
      [
        check("a", async () => {
          over.abort();
          return ok(plain("well"));
        }),
        check("b", async () => ok(plain("well"))),
      ],
      environment,
      { listener, signal: over.signal },
    );
    expect(statesOf(findings)).toEqual(["ok", "skip"]);
  });
});

describe("FindingsPrinter", () => {
  const finding: Finding = {
    check: every[0] ?? expect.unreachable(),
    result: { state: "fail", code: "WIFI_INTERFACE_MISSING", detail: plain("wlan7") },
    durationMs: 3,
  };
  const print = (language: "en" | "zh", isJson: boolean): string => {
    let text = "";
    const printer = new FindingsPrinter({
      language,
      isJson,
      write: (part) => (text += part),
      writeProgress: undefined,
    });
    printer.begun(finding.check);
    printer.found(finding);
    printer.finished([finding], 1234);
    return text;
  };

  test("tells a person what is wrong and what to do", () => {
    expect(print("en", false)).toBe(
      `FAIL  Radio                    There is no such Wi-Fi interface: wlan7 (SA2111)
                               → List the interfaces with iw dev and choose one

1 failed, 0 to look at (1.2 s)
`,
    );
    expect(print("zh", false)).toContain("1 项失败，0 项警告");
  });

  test("names a check that takes more than a second, and takes the name away again", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let progress = "";
    const printer = new FindingsPrinter({
      language: "en",
      isJson: false,
      write: () => {},
      writeProgress: (text) => (progress += text),
    });
    printer.begun(finding.check);
    vi.advanceTimersByTime(999);
    expect(progress).toBe("");
    vi.advanceTimersByTime(1);
    expect(progress).toBe("...   Radio");
    printer.found(finding);
    expect(progress).toBe("...   Radio\r\u001B[K");
    printer.begun(finding.check);
    printer.found(finding);
    vi.advanceTimersByTime(10_000);
    expect(progress).toBe("...   Radio\r\u001B[K");
  });

  test("tells a program the same, one object per line", () => {
    const lines = print("en", true).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        event: "check",
        name: "radio",
        state: "fail",
        detail: "wlan7",
        error: {
          code: "WIFI_INTERFACE_MISSING",
          number: errorRegistry.WIFI_INTERFACE_MISSING.number,
          text: "There is no such Wi-Fi interface",
          action: "List the interfaces with iw dev and choose one",
        },
        durationMs: 3,
      },
      { event: "finished", verdict: "fail", ok: 0, warned: 0, failed: 1, skipped: 0, elapsedMs: 1234 },
    ]);
  });
});
