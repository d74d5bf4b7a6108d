import type { DeviceEvent, DeviceStepName } from "@softap/device";
import { type ErrorCode, isErrorCode } from "@softap/protocol";
import { join } from "node:path";
import { readTextFileIfThere, writePrivateFile } from "../config/files.ts";

/** What a running device tells of itself in a file beside its store. */
export interface LiveStatus {
  readonly pid: number;
  /** Unix seconds. */
  readonly startedAtS: number;
  readonly productId: string;
  readonly deviceName: string;
  /** Whether the soft AP is open. */
  readonly isSoftApOpen: boolean;
  /** Whether the session with the cloud is open. */
  readonly isConnected: boolean;
  /** When the session with the cloud opened or closed, Unix seconds. */
  readonly cloudSinceS?: number;
  /** Last step of the running or last provisioning. */
  readonly step?: { readonly name: DeviceStepName; readonly attempt: number; readonly atS: number };
  /** Last attempt that failed since the start. */
  readonly lastError?: { readonly code: ErrorCode; readonly atS: number };
}

/** Name of the file in the state folder. */
const fileName = "status.json";

/** Keeps the file up to date. What cannot be written is left: the device does not depend on it. */
export class LiveStatusFile {
  readonly #path: string;
  readonly #nowS: () => number;
  #status: LiveStatus;
  #writing: Promise<void> | undefined;
  #isStale = false;

  constructor(options: {
    folder: string;
    productId: string;
    deviceName: string;
    /** Unix seconds. */
    nowS: () => number;
  }) {
    const { folder, productId, deviceName, nowS } = options;
    this.#path = join(folder, fileName);
    this.#nowS = nowS;
    this.#status = {
      pid: process.pid,
      startedAtS: nowS(),
      productId,
      deviceName,
      isSoftApOpen: false,
      isConnected: false,
    };
    this.#write();
  }

  /** Takes what happened into the file. */
  tell(event: DeviceEvent): void {
    this.#status = after(this.#status, event, this.#nowS());
    this.#write();
  }

  /** Resolves when the file says what was told last. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** At most one write at a time; what is told meanwhile is written together. */
  #write(): void {
    this.#isStale = true;
    this.#writing ??= this.#drain().finally(() => (this.#writing = undefined));
  }

  async #drain(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await writePrivateFile(this.#path, `${JSON.stringify(this.#status, null, 2)}\n`).catch(() => undefined);
    }
  }
}

function after(status: LiveStatus, event: DeviceEvent, nowS: number): LiveStatus {
  switch (event.type) {
    case "listening":
      return { ...status, isSoftApOpen: true };
    case "sessionEnded":
    case "logModeEnded":
      return { ...status, isSoftApOpen: false };
    case "connected":
    case "disconnected":
      return { ...status, isConnected: event.type === "connected", cloudSinceS: nowS };
    case "step": {
      const { name, attempt, code } = event.step;
      const lastError = name === "attemptFailed" && code !== undefined ? { code, atS: nowS } : undefined;
      return {
        ...status,
        step: { name, attempt, atS: nowS },
        ...(lastError === undefined ? {} : { lastError }),
      };
    }
    case "bound":
    case "unbound":
      return status;
  }
}

/** Reads the file of a device, running or gone. `undefined` when there is none, or it is of another version. */
export async function readLiveStatus(folder: string): Promise<LiveStatus | undefined> {
  const text = await readTextFileIfThere(join(folder, fileName), "status of the device");
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isLiveStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLiveStatus(value: unknown): value is LiveStatus {
  if (typeof value !== "object" || value === null) return false;
  const status = value as Readonly<Record<string, unknown>>; // an object can be read by name
  const { lastError } = status;
  return (
    typeof status["pid"] === "number" &&
    typeof status["startedAtS"] === "number" &&
    typeof status["productId"] === "string" &&
    typeof status["deviceName"] === "string" &&
    typeof status["isSoftApOpen"] === "boolean" &&
    typeof status["isConnected"] === "boolean" &&
    (lastError === undefined ||
      (typeof lastError === "object" &&
        lastError !== null &&
        "code" in lastError &&
        isErrorCode(lastError.code)))
  );
}
