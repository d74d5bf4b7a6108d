import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { formatConfig, parseConfig } from "../src/config/device-config.ts";
import { formatPolkitRule } from "../src/service/polkit-rule.ts";
import { formatUnit, type UnitOptions } from "../src/service/unit.ts";
import { type Result, softap } from "./softap-process.ts";
import { makeFolder, removeFolder, temporaryFolder } from "./temporary-folder.ts";

const unitPath = "etc/systemd/system/softap-device.service";
const configPath = "etc/softap/device.env";
const polkitPath = "etc/polkit-1/rules.d/50-softap.rules";

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

/** A system in a folder: one user, with or without NetworkManager. */
class SystemFolder {
  readonly root = makeFolder();
  readonly secretFile: string;

  constructor({ hasNetworkManager = true } = {}) {
    onTestFinished(() => removeFolder(this.root));
    this.add("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
    this.add("etc/group", "root:x:0:\n");
    if (hasNetworkManager) this.add("usr/sbin/NetworkManager", "");
    this.secretFile = join(temporaryFolder(), "secret");
    writeFileSync(this.secretFile, "Y2FuYXJ5LXNlY3JldA==\n");
  }

  add(path: string, text: string): void {
    mkdirSync(join(this.root, path, ".."), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Every file with its text. */
  get files(): Readonly<Record<string, string>> {
    const names = readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1));
    return Object.fromEntries(names.toSorted().map((name) => [name, this.read(name)]));
  }

  install(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Result> {
    return softap(["device", "install", "--json", "--root", this.root, ...args], { env });
  }

  /** Installs lamp-1 with a secret. */
  installLamp(args: readonly string[] = []): Promise<Result> {
    const identity = ["--product-id", "AB12CD34EF", "--device-name", "lamp-1"];
    return this.install([...identity, "--secret-file", this.secretFile, ...args]);
  }

  uninstall(args: readonly string[] = []): Promise<Result> {
    return softap(["device", "uninstall", "--json", "--root", this.root, ...args]);
  }
}

describe("softap device install", () => {
  test("writes unit, settings, user and rule, and no secret", async () => {
    const system = new SystemFolder();
    const { exit, stdout } = await system.installLamp([
      "--cloud-host",
      "iot.example.com",
      "--interface",
      "wlan1",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      event: "installed",
      unit: `/${unitPath}`,
      config: `/${configPath}`,
      user: "softap",
      wifi: "networkmanager",
      state: "/var/lib/softap",
      isStarted: false,
    });
    expect(exit).toBe(0);
    expect(system.read(configPath)).toBe(
      `# Written by softap device install.
SOFTAP_PRODUCT_ID="AB12CD34EF"
SOFTAP_DEVICE_NAME="lamp-1"
SOFTAP_DEVICE_SECRET_FILE="${system.secretFile}"
SOFTAP_MQTT_HOST="iot.example.com"
SOFTAP_INTERFACE="wlan1"
SOFTAP_WIFI="networkmanager"
SOFTAP_DEVICE_STATE="/var/lib/softap/device"
`,
    );
    const unit = system.read(unitPath);
    expect(unit).toContain(`LoadCredential=secret-file:${system.secretFile}\n`);
    expect(unit).toMatch(/^ExecStart=\/.* device --secret-file \$\{CREDENTIALS_DIRECTORY\}\/secret-file$/m);
    expect(unit).toContain("User=softap\n");
    expect(statSync(join(system.root, configPath)).mode & 0o777).toBe(0o600);
    expect(statSync(join(system.root, unitPath)).mode & 0o777).toBe(0o644);
    expect(system.read(polkitPath)).toBe(formatPolkitRule("softap"));
    expect(JSON.stringify(system.files)).not.toContain("Y2FuYXJ5");
  });

  test("given again it changes nothing; given more it keeps the rest", async () => {
    const system = new SystemFolder();
    await system.installLamp(["--cloud-host", "iot.example.com"]);
    const first = system.files;
    expect((await system.install()).exit).toBe(0);
    expect(system.files).toEqual(first);
    await system.install(["--mqtt-port", "8884"]);
    expect(parseConfig(system.read(configPath), "")).toEqual(
      new Map([...parseConfig(first[configPath] ?? "", ""), ["SOFTAP_MQTT_PORT", "8884"]]),
    );
    expect(system.read(unitPath)).toBe(first[unitPath]);
  });

  test("keeps what is on or off, and lets the device write the file of its properties", async () => {
    const system = new SystemFolder();
    const { exit } = await system.installLamp([
      "--one-role-at-a-time",
      "--properties",
      "/srv/my lamp/state.json",
    ]);
    expect(exit).toBe(0);
    expect(parseConfig(system.read(configPath), "")).toEqual(
      new Map([
        ["SOFTAP_PRODUCT_ID", "AB12CD34EF"],
        ["SOFTAP_DEVICE_NAME", "lamp-1"],
        ["SOFTAP_DEVICE_SECRET_FILE", system.secretFile],
        ["SOFTAP_ONE_ROLE_AT_A_TIME", "1"],
        ["SOFTAP_PROPERTIES_FILE", "/srv/my lamp/state.json"],
        ["SOFTAP_WIFI", "networkmanager"],
        ["SOFTAP_DEVICE_STATE", "/var/lib/softap/device"],
      ]),
    );
    const unit = system.read(unitPath);
    expect(unit).toContain('ReadWritePaths="-/srv/my lamp"\n');
    expect(unit.match(/^LoadCredential=.*$/gm)).toEqual([`LoadCredential=secret-file:${system.secretFile}`]);
    const first = system.files;
    await system.install();
    expect(system.files).toEqual(first);
  });

  test("runs as root where there is no NetworkManager, with nothing but what radios need", async () => {
    const system = new SystemFolder({ hasNetworkManager: false });
    const { stdout } = await system.installLamp();
    expect(JSON.parse(stdout)).toMatchObject({ user: "root", wifi: "wpa" });
    expect(system.read(unitPath)).toMatch(
      /^CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_NET_RAW /m,
    );
    expect(system.files).not.toHaveProperty([polkitPath]);
    expect(system.read("etc/passwd")).toMatch(/^root:.*\n$/);
  });

  test.each([
    ["without a name", ["--product-id", "AB12CD34EF"], "USAGE", 2],
    ["without a secret in a file", ["--product-id", "AB12CD34EF", "--device-name", "x"], "USAGE", 2],
    [
      "with a secret from the standard input",
      ["--product-id", "AB12CD34EF", "--device-name", "x", "--secret-file", "-"],
      "USAGE",
      2,
    ],
    [
      "with a secret that is not there",
      ["--product-id", "AB12CD34EF", "--device-name", "x", "--secret-file", "/nowhere/secret"],
      "FILE_NOT_FOUND",
      2,
    ],
  ])("refuses to make a service %s, and leaves nothing", async (_name, args, code, exit) => {
    const system = new SystemFolder();
    const before = system.files;
    const result = await system.install(args, { SOFTAP_DEVICE_SECRET: "canary" });
    expect(JSON.parse(result.stdout)).toMatchObject({ event: "error", code });
    expect(result.exit).toBe(exit);
    expect(system.files).toEqual(before);
  });

  test.each([
    ["a place for the state", ["--state", "/elsewhere"], "USAGE"],
    ["a user whose name is none", ["--user", "Somebody Else"], "CONFIG_INVALID"],
  ])("refuses %s", async (_name, args, code) => {
    const system = new SystemFolder();
    const before = system.files;
    expect(JSON.parse((await system.installLamp(args)).stdout)).toMatchObject({ event: "error", code });
    expect(system.files).toEqual(before);
  });
});

describe("softap device uninstall", () => {
  test("removes what install wrote and nothing else; the state stays", async () => {
    const system = new SystemFolder();
    system.add("var/lib/softap/device/store", "state");
    system.add("etc/softap/notes", "of somebody else");
    const before = system.files;
    await system.installLamp();
    const { exit, stdout } = await system.uninstall();
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ event: "uninstalled", state: "/var/lib/softap" });
    const { "etc/passwd": _users, "etc/group": _groups, ...rest } = before;
    expect(system.files).toMatchObject(rest);
    expect(
      Object.keys(system.files).filter(
        (name) => !/^etc\/(\.pwd\.lock|g?(passwd|group|shadow)-?)$/.test(name),
      ),
    ).toEqual(Object.keys(rest));
    expect((await system.uninstall()).exit).toBe(0);
  });

  test("--purge forgets the state and the user", async () => {
    const system = new SystemFolder();
    system.add("var/lib/softap/device/store", "state");
    await system.installLamp();
    const { exit, stdout } = await system.uninstall(["--purge"]);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: null });
    expect(Object.keys(system.files).filter((name) => name.startsWith("var/"))).toEqual([]);
    expect(system.read("etc/passwd")).not.toMatch(/^softap:/m);
  });
});

const plainUnit: UnitOptions = {
  command: ["/usr/bin/env", "/usr/lib/node_modules/softap/bin/softap.js"],
  configFile: "/etc/softap/device.env",
  files: [{ option: "--secret-file", path: "/etc/softap/secret" }],
  writableFolders: ["/srv/my lamp"],
  user: "root",
  backend: "networkmanager",
  interfaceName: "wlan0",
  systemdVersion: 252,
};

describe.skipIf(!hasSystemd)("the unit (skipped where systemd is not installed)", () => {
  test.each(["networkmanager", "wpa", "virtual"] as const)(
    "for %s is understood by systemd, without a warning",
    (backend) => {
      const path = join(temporaryFolder(), "softap-device.service");
      writeFileSync(path, formatUnit({ ...plainUnit, backend }));
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], {
        encoding: "utf8",
      });
      const own = stderr.split("\n").filter((line) => line.includes("softap-device"));
      expect(own).toEqual([]);
      expect(status).toBe(0);
    },
  );

  test.each([
    ["networkmanager", "softap", 2.5],
    ["wpa", "root", 6],
  ] as const)("for %s exposes little, by systemd's own measure", (backend, user, most) => {
    const path = join(temporaryFolder(), "softap-device.service");
    writeFileSync(path, formatUnit({ ...plainUnit, backend, user }));
    const told = execFileSync("systemd-analyze", ["security", "--offline=true", "--no-pager", path], {
      encoding: "utf8",
    });
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(told)?.[1]);
    expect(exposure).toBeLessThanOrEqual(most);
  });
});

describe("formatUnit()", () => {
  test("escapes what means something to systemd", () => {
    const command = ["/opt/my node/bin/node", "/opt/50%/softap.js", "/opt/$a"];
    const unit = formatUnit({ ...plainUnit, command, writableFolders: ["/srv/$a", "/srv/50%"] });
    expect(unit).toContain('ExecStart="/opt/my node/bin/node" /opt/50%%/softap.js "/opt/$$a" device ');
    expect(unit).toContain('ReadWritePaths="-/srv/$a"\nReadWritePaths=-/srv/50%%\n');
  });

  test("a program below a home folder stays readable", () => {
    expect(formatUnit({ ...plainUnit, command: [join("/home", "pi", "node")] })).toContain(
      "ProtectHome=read-only\n",
    );
    expect(formatUnit(plainUnit)).toContain("ProtectHome=yes\n");
  });

  test("the pause between restarts grows where systemd can do that", () => {
    expect(formatUnit({ ...plainUnit, systemdVersion: 254 })).toContain("RestartSteps=6\n");
    expect(formatUnit(plainUnit)).not.toContain("RestartSteps");
  });
});

test("parseConfig() reads back what formatConfig() wrote, and names the line that is none", () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\n\r\0]/.test(text));
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Z_]{1,20}$/), value), (settings) => {
      const entries = new Map(Object.entries(settings));
      expect(parseConfig(formatConfig(entries), "file")).toEqual(entries);
    }),
  );
  expect(parseConfig("A=1 \n\n; remark\n  B=\n", "file")).toEqual(
    new Map([
      ["A", "1"],
      ["B", ""],
    ]),
  );
  expect(() => parseConfig('A=1\nexport B="2"', "file")).toThrow(/^Line 2 of file is not NAME="value"/);
});
