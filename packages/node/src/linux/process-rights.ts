import { readFileSync } from "node:fs";

/** Bits of capabilities. @see linux/capability.h */
const bits = { netBindService: 10n, netAdmin: 12n } as const;

/** A capability that the radios need. */
export type Right = keyof typeof bits;

/** Whether the programs that this process starts may add interfaces, give addresses, listen on ports below 1024, … */
export function childrenHold(rights: readonly Right[]): boolean {
  const isRoot = process.geteuid?.() === 0;
  return holdsAll(readFileSync("/proc/self/status", "utf8"), { isRoot, rights });
}

/**
 * Reads `/proc/…/status`: a child of root gets what the bounding set leaves, one of anybody else the ambient set alone.
 *
 * @see capabilities(7), "Transformation of capabilities during execve()"
 */
export function holdsAll(status: string, process: { isRoot: boolean; rights: readonly Right[] }): boolean {
  const name = process.isRoot ? "CapBnd" : "CapAmb";
  const held = BigInt(`0x${new RegExp(`^${name}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"}`);
  return process.rights.every((right) => (held & (1n << bits[right])) !== 0n);
}
