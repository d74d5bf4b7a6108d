import { chmod, mkdir, readdir, readFile } from "node:fs/promises";

/** Private folder of one radio's children, by which they are known: `/run` is empty after a restart of the system. */
export function runtimeFolder(interfaceName: string): string {
  return `/run/softap-${interfaceName}`;
}

/** Makes the folder. */
export async function prepareRuntimeFolder(interfaceName: string): Promise<string> {
  const folder = runtimeFolder(interfaceName);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  return folder;
}

/**
 * Ends what a killed former run left behind: children that name the folder in their command line, and the DHCP client of
 * the interface that it had started.
 */
export async function endLeftovers(interfaceName: string): Promise<void> {
  const folder = runtimeFolder(interfaceName);
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const words = (await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (isOurChild(words, folder, interfaceName)) endProcess(Number(name));
  }
}

/** Whether a command line is that of a child of ours. */
export function isOurChild(words: readonly string[], folder: string, interfaceName: string): boolean {
  if (words.some((word) => word.includes(`${folder}/`))) return true;
  const program = words[0]?.split("/").at(-1) ?? "";
  return (
    program === "udhcpc" && words.includes(interfaceName) && words.includes("-R") && words.includes("-f")
  );
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between the look and the signal.
  }
}
