/** Name of the service. */
export const unitName = "softap-device.service";

/** Folder of the state below /var/lib. */
export const stateDirectory = "softap";

/** What a unit is made of. */
export interface UnitOptions {
  /** Program and arguments that run the command `softap`, absolute paths. */
  readonly command: readonly string[];
  /** Settings of the service. */
  readonly configFile: string;
  /** Files that the service reads through systemd: option of `softap device` and absolute path. */
  readonly files: readonly { readonly option: string; readonly path: string }[];
  /** Folders outside its own in which the device writes, absolute paths. */
  readonly writableFolders: readonly string[];
  readonly user: string;
  /** Who serves the radio. */
  readonly backend: "networkmanager" | "wpa" | "virtual";
  readonly interfaceName: string;
  /** Version of systemd; older ones do not know every setting. */
  readonly systemdVersion: number;
}

/** Capabilities that a device needs, by who serves its radio. */
const capabilities = {
  // The page for browsers stands on port 80, and phones look for it through port 53.
  virtual: ["CAP_NET_BIND_SERVICE"],
  networkmanager: ["CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE"],
  // wpa_supplicant, hostapd, dnsmasq and the DHCP client are children of the device; dnsmasq lets go of root by itself.
  wpa: [
    "CAP_NET_ADMIN",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_CHOWN",
    "CAP_KILL",
  ],
} as const;

/** First version of systemd with a growing pause between restarts. */
const restartStepsSince = 254;

/** The unit of the device. */
export function formatUnit(options: UnitOptions): string {
  const { user, backend, files, configFile, systemdVersion } = options;
  const names = files.map(({ option }) => option.replace(/^--/, ""));
  const fileArguments = names.flatMap((name) => [`--${name}`, `\${CREDENTIALS_DIRECTORY}/${name}`]);
  const isRoot = user === "root";
  const bounding = capabilities[backend].join(" ");
  return [
    "# Written by softap device install.",
    "[Unit]",
    "Description=softap device: Wi-Fi provisioning over a soft AP",
    "Wants=network.target",
    `After=network.target dbus.service${backend === "networkmanager" ? " NetworkManager.service" : ""}`,
    // A router that is off for days must not end the attempts.
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=notify",
    "NotifyAccess=all",
    `ExecStart=${[...options.command.map(commandWord), "device", ...fileArguments].join(" ")}`,
    `EnvironmentFile=${escapeSpecifiers(configFile)}`,
    ...files.map(({ path }, index) => `LoadCredential=${names[index] ?? ""}:${escapeSpecifiers(path)}`),
    `User=${user}`,
    `StateDirectory=${stateDirectory}`,
    "StateDirectoryMode=0700",
    `CacheDirectory=${stateDirectory}`,
    "Environment=XDG_CACHE_HOME=/var/cache",
    ...(backend === "wpa"
      ? [
          `RuntimeDirectory=softap-${options.interfaceName}`,
          "RuntimeDirectoryMode=0700",
          // The kept network, and what the DHCP client writes: resolv.conf and leases.
          "ReadWritePaths=-/etc -/run -/var/lib/dhcp -/var/lib/dhcpcd",
        ]
      : []),
    ...options.writableFolders.map((folder) => `ReadWritePaths=${quoted(`-${folder}`)}`),
    "Restart=on-failure",
    "RestartSec=2",
    ...(systemdVersion >= restartStepsSince ? ["RestartSteps=6", "RestartMaxDelaySec=60"] : []),
    // 2: a wrong setting. Trying again does not correct it.
    "RestartPreventExitStatus=2",
    "TimeoutStartSec=120",
    "TimeoutStopSec=30",
    "WatchdogSec=60",
    "",
    ...(isRoot ? [] : [`AmbientCapabilities=${bounding}`]),
    `CapabilityBoundingSet=${bounding}`,
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    `ProtectHome=${options.command.some((word) => /^\/(home|root)\//.test(word)) ? "read-only" : "yes"}`,
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    // hostapd and wpa_supplicant set what the kernel does with their interface.
    ...(backend === "wpa" ? [] : ["ProtectKernelTunables=yes", "ProtectProc=invisible"]),
    "DevicePolicy=closed",
    ...(backend === "wpa" ? ["DeviceAllow=/dev/rfkill rw"] : ["PrivateDevices=yes"]),
    "LockPersonality=yes",
    `RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK${backend === "wpa" ? " AF_PACKET" : ""}`,
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RemoveIPC=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    ...(backend === "wpa" ? [] : ["SystemCallFilter=~@privileged"]),
    "SystemCallErrorNumber=EPERM",
    // MemoryDenyWriteExecute is left out: JavaScript is compiled while it runs.
    "UMask=0077",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

/** One word of a command line, in which systemd replaces variables. */
function commandWord(word: string): string {
  return quoted(word.replaceAll("$", "$$$$"));
}

/** One word, as systemd reads it. */
function quoted(word: string): string {
  const escaped = escapeSpecifiers(word);
  return /^[\w./:=@%+-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, "\\$&")}"`;
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}
