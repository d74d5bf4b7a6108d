import { execFile } from "node:child_process";
import type { Log } from "@softap/ports";
import { asSoftApError, softApError } from "@softap/protocol";
import { environment } from "../config/environment.ts";

/** Longest wait for the program that carries one notice, ms. */
const noticeTimeoutMs = 5_000;

/**
 * Tells systemd that the service is ready and alive.
 *
 * Its socket takes datagrams, which Node cannot send to a path: systemd's own `systemd-notify` carries them. A service
 * without systemd says nothing.
 */
export class ServiceManager {
  readonly #log: Log;
  readonly #send: (words: readonly string[]) => Promise<void>;
  readonly #watchdogMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param options.send - How a notice gets out. @defaultValue by `systemd-notify`, where a socket is given */
  constructor(options: {
    log: Log;
    variables?: Readonly<Record<string, string | undefined>>;
    send?: (words: readonly string[]) => Promise<void>;
  }) {
    const { log, variables = environment, send } = options;
    this.#log = log;
    const isWatched = (variables["NOTIFY_SOCKET"] ?? "") !== "";
    this.#send = send ?? (isWatched ? sendBySystemdNotify : async () => {});
    this.#watchdogMs = isWatched ? watchdogMs(variables) : undefined;
  }

  /** The service does its work from now on; the watchdog is fed until {@link ServiceManager.stopping}. */
  async ready(): Promise<void> {
    await this.#tell(["READY=1", "STATUS=running"]);
    if (this.#watchdogMs === undefined || this.#timer !== undefined) return;
    // Twice per period, as systemd advises: one notice may be late.
    this.#timer = setInterval(() => void this.#tell(["WATCHDOG=1"]), this.#watchdogMs / 2);
    this.#timer.unref();
  }

  /** The service is about to end. */
  async stopping(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#tell(["STOPPING=1"]);
  }

  async #tell(words: readonly string[]): Promise<void> {
    try {
      await this.#send(words);
    } catch (error) {
      this.#log.warn("systemd was not told", { code: asSoftApError(error).code });
    }
  }
}

/** Period within which systemd wants to hear of this process, ms. */
function watchdogMs(variables: Readonly<Record<string, string | undefined>>): number | undefined {
  const periodUs = Number(variables["WATCHDOG_USEC"] ?? "0");
  const pid = variables["WATCHDOG_PID"];
  const isForUs = pid === undefined || pid === String(process.pid);
  return isForUs && Number.isSafeInteger(periodUs) && periodUs > 0 ? periodUs / 1000 : undefined;
}

function sendBySystemdNotify(words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile("systemd-notify", words, { timeout: noticeTimeoutMs }, (error) => {
      if (error === null) resolve();
      else reject(softApError("SYSTEM_PROGRAM_FAILED", "systemd-notify failed", { cause: error }));
    });
  });
}
