import { nodeClock } from "@softap/node";
import { NetworkManagerRadio, WpaRadio } from "@softap/node/linux";
import type { Log, LogFields, Radio } from "@softap/ports";
import type { Backend, OpenOptions } from "./scenario.ts";

/** The device's interface in the lab. */
export const deviceInterface = "wlan1";

/** Opens the device's radio. */
export function openRadio(
  backend: Backend,
  options: OpenOptions,
): Promise<Radio & { close(): Promise<void> }> {
  const common = {
    interfaceName: deviceInterface,
    clock: nodeClock,
    log: labLog,
    signal: AbortSignal.timeout(30_000),
    ...options,
  };
  return backend === "wpa" ? WpaRadio.open(common) : NetworkManagerRadio.open(common);
}

function write(level: string, text: string, fields?: LogFields): void {
  console.error(`${(performance.now() / 1000).toFixed(3)} ${level} ${text} ${JSON.stringify(fields ?? {})}`);
}

/** Writes the device's log beside the others. */
const labLog: Log = {
  debug: (text, fields) => write("debug", text, fields),
  info: (text, fields) => write("info", text, fields),
  notice: (text, fields) => write("notice", text, fields),
  warn: (text, fields) => write("warn", text, fields),
  error: (text, fields) => write("error", text, fields),
};
