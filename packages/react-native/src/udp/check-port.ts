import { softApError } from "@softap/protocol";
import { reactNativeLimits } from "../limits.ts";

/** @throws {@link UsageError} `USAGE` for what is no port number, or below `lowest` */
export function checkPort(port: number, lowest: number): void {
  if (!Number.isInteger(port) || port < lowest || port > reactNativeLimits.lastPort)
    throw softApError("USAGE", `UDP port ${port} is not within ${lowest} to ${reactNativeLimits.lastPort}`);
}
