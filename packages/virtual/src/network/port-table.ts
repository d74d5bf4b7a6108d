import { softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";

/** What the table needs to know of whoever holds a port. */
export interface PortHolder {
  readonly localPort: number;
  /** `undefined`: every address of the host. */
  readonly localAddress: string | undefined;
}

/** Who holds which port of a host. */
export class PortTable<T extends PortHolder> {
  readonly #holders = new Map<number, T[]>();

  /** How many hold one. */
  get size(): number {
    let size = 0;
    for (const holders of this.#holders.values()) size += holders.length;
    return size;
  }

  /** Whether the port can be taken at that address. */
  isFree(port: number, address: string | undefined): boolean {
    const holders = this.#holders.get(port) ?? [];
    return !holders.some(
      (holder) =>
        holder.localAddress === undefined || address === undefined || holder.localAddress === address,
    );
  }

  add(holder: T): void {
    const holders = this.#holders.get(holder.localPort);
    if (holders === undefined) this.#holders.set(holder.localPort, [holder]);
    else holders.push(holder);
  }

  remove(holder: T): void {
    const left = (this.#holders.get(holder.localPort) ?? []).filter((other) => other !== holder);
    if (left.length === 0) this.#holders.delete(holder.localPort);
    else this.#holders.set(holder.localPort, left);
  }

  /** Who takes what arrives at an address and port. */
  find(port: number, address: string): T | undefined {
    return this.#holders
      .get(port)
      ?.find((holder) => holder.localAddress === undefined || holder.localAddress === address);
  }
}

/** @throws {UsageError} `USAGE` when the number is no port; 0 only where the system may choose */
export function checkPort(port: number, lowest: 0 | 1): void {
  if (!Number.isInteger(port) || port < lowest || port > virtualLimits.lastPort)
    throw softApError("USAGE", `port is ${port}, ${lowest} to ${virtualLimits.lastPort} is allowed`);
}
