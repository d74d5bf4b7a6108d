import { nodeClock, NodeDatagramSockets } from "@softap/node";
import { readDeviceLog } from "@softap/phone";
import type { LogsOptions } from "../commands/logs.ts";
import { stopSignal } from "../signals.ts";

/**
 * Prints the log of a device: its lines, or one event per line.
 *
 * @throws {SoftApError} `DEVICE_SILENT`, `CANCELED`
 */
export async function runLogs(options: LogsOptions): Promise<void> {
  const stop = stopSignal();
  try {
    const text = await readDeviceLog({
      via: options.logMode === true ? "logMode" : "provisioning",
      device: { address: options.host, ...(options.port === undefined ? {} : { port: options.port }) },
      ports: { clock: nodeClock, datagrams: new NodeDatagramSockets() },
      signal: stop.signal,
    });
    const lines = text.split(/\r?\n/).filter((line) => line !== "");
    const shown = options.json === true ? lines.map((line) => JSON.stringify({ event: "log", line })) : lines;
    process.stdout.write(shown.map((line) => `${line}\n`).join(""));
  } finally {
    stop.release();
  }
}
