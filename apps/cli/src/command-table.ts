import type { Command } from "commander";

/** One command: its options are declared, and its work is loaded, only when it was chosen. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>;
}

/** Version of the command. */
export const version = "0.1.0";

/** Every command, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "demo",
    summary: "watch a device become bound to its owner",
    load: () => import("./commands/demo.ts"),
  },
  { name: "cloud", summary: "run the cloud", load: () => import("./commands/cloud.ts") },
  { name: "device", summary: "run a device", load: () => import("./commands/device.ts") },
  {
    name: "provision",
    summary: "bring a device onto a Wi-Fi network and into your account",
    load: () => import("./commands/provision.ts"),
  },
  {
    name: "logs",
    summary: "read the log of a device over its soft AP",
    load: () => import("./commands/logs.ts"),
  },
  { name: "login", summary: "log in to a cloud", load: () => import("./commands/login.ts") },
  { name: "product", summary: "manage the products of a cloud", load: () => import("./commands/product.ts") },
  {
    name: "registry",
    summary: "manage the devices of a cloud",
    load: () => import("./commands/registry.ts"),
  },
  { name: "user", summary: "manage the users of a cloud", load: () => import("./commands/user.ts") },
  {
    name: "doctor",
    summary: "look for what keeps a device from working",
    load: () => import("./commands/doctor.ts"),
  },
];

/** What `softap --help` prints; made without the option parser, because it is what people run first and most often. */
export function overview(): string {
  const rows = commandTable.map(({ name, summary }) => `  ${name.padEnd(11)}${summary}`).join("\n");
  return `Usage: softap <command> [options]

Wi-Fi provisioning over a soft AP, from the device without a network to the device bound to its owner.

Commands:
${rows}

Options:
  --version  print the version
  --help     print this; "softap <command> --help" shows what a command takes

Start with "softap demo".
`;
}
