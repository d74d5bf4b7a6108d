import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Name of the file that a replacement is written to before it takes the place of `path`. */
export function replacementOf(path: string): string {
  return `${path}.new`;
}

/**
 * Replaces a file so that a power cut at any moment leaves the former or the new content, whole. Resolves when the new
 * one would survive it. The file can be read by its owner only.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const replacement = replacementOf(path);
  try {
    await writeDurably(replacement, bytes);
    await rename(replacement, path);
  } catch (error) {
    await rm(replacement, { force: true }).catch(() => {});
    throw error;
  }
  // Without this the rename itself may be lost.
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
