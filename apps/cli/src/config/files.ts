import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { type ErrorCode, softApError } from "@softap/protocol";

/** System errors of files, by what they are to the person who named the file. */
const fileErrors: Readonly<Record<string, ErrorCode>> = {
  ENOENT: "FILE_NOT_FOUND",
  ENOTDIR: "FILE_NOT_FOUND",
  EACCES: "PERMISSION_DENIED",
  EPERM: "PERMISSION_DENIED",
  EISDIR: "CONFIG_INVALID",
};

/** Longest file that an option may name, bytes: a chain of certificates fits many times. */
const maxFileBytes = 262_144;

/**
 * Reads a file that an option names; `-` is the standard input.
 *
 * @param what - What the file holds, for the message.
 * @throws {SoftApError} `FILE_NOT_FOUND`, `PERMISSION_DENIED`, `CONFIG_INVALID`
 */
export async function readTextFile(path: string, what: string): Promise<string> {
  let content: string;
  try {
    content = path === "-" ? await readAll(process.stdin) : await readFile(path, "utf8");
  } catch (error) {
    throw fileError(error, `The file ${path} for the ${what} cannot be read`, path);
  }
  if (content.length > maxFileBytes)
    throw softApError("CONFIG_INVALID", `The file ${path} is too long to hold the ${what}`);
  return content;
}

/** Like {@link readTextFile}, for a file that need not be there. */
export async function readTextFileIfThere(path: string, what: string): Promise<string | undefined> {
  try {
    return await readTextFile(path, what);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "FILE_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Writes a file that only its owner can read (mode 0600), whole or not at all; folders on the way get mode 0700.
 *
 * @throws {SoftApError} `PERMISSION_DENIED`, `FILE_NOT_FOUND`, `STORE_WRITE_FAILED`
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw fileError(error, `The file ${path} cannot be written`, path, "STORE_WRITE_FAILED");
  }
}

/** Makes a folder that only its owner can enter. @throws {SoftApError} `PERMISSION_DENIED`, `CONFIG_INVALID` */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(error, `The folder ${path} cannot be made`, path);
  }
}

/** A file system's error in our words. */
function fileError(
  error: unknown,
  message: string,
  path: string,
  otherwise: ErrorCode = "CONFIG_INVALID",
): Error {
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "";
  const code = fileErrors[systemCode] ?? otherwise;
  return softApError(code, code === "FILE_NOT_FOUND" ? `${message}: it does not exist` : message, {
    cause: error,
    context: { path },
  });
}
