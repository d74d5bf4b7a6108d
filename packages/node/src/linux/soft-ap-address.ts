import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { softApError } from "@softap/protocol";

/** A network that the kernel sends to an interface. */
export interface UsedNetwork {
  readonly interfaceName: string;
  /** `192.168.4.7/24`: an own address there, or the destination of a route. */
  readonly cidr: string;
}

/** Length of the soft AP's network, bits. */
const prefixBits = 24;

/**
 * Refuses an address whose /24 is in use on another interface: what phones and the device send each other would go astray.
 *
 * @param ownInterfaces - Interfaces whose networks end when the soft AP begins.
 * @throws {TransportError} `ADDRESS_RANGE_IN_USE`
 */
export function requireFreeRange(address: string, ownInterfaces: readonly string[]): void {
  const used = rangeUser(address, {
    addresses: ownAddresses(),
    routes: parseRoutes(readRoutes()),
    ownInterfaces,
  });
  if (used === undefined) return;
  const { interfaceName, cidr } = used;
  const message = `The addresses around ${address} are in use on ${interfaceName} (${cidr})`;
  throw softApError("ADDRESS_RANGE_IN_USE", message, { context: { interface: interfaceName, cidr } });
}

/**
 * Who uses the /24 around an address: an interface whose network overlaps it, or a route that leads into it. A wider route,
 * such as that of a VPN, is no obstacle: the soft AP's own is more exact.
 */
export function rangeUser(
  address: string,
  known: {
    readonly addresses: readonly UsedNetwork[];
    readonly routes: readonly UsedNetwork[];
    readonly ownInterfaces: readonly string[];
  },
): UsedNetwork | undefined {
  const isOther = ({ interfaceName }: UsedNetwork): boolean => !known.ownInterfaces.includes(interfaceName);
  return (
    known.addresses.find((one) => isOther(one) && overlaps(one.cidr, address)) ??
    known.routes.find((one) => isOther(one) && bitsOf(one.cidr) >= prefixBits && overlaps(one.cidr, address))
  );
}

/** Reads `/proc/net/route`: numbers in hex, as they lie in memory. */
export function parseRoutes(text: string): readonly UsedNetwork[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [interfaceName = "", to = "", , , , , , mask = ""] = line.trim().split(/\s+/);
      if (!/^[0-9A-F]{8}$/.test(to) || !/^[0-9A-F]{8}$/.test(mask)) return [];
      const address = Array.from(Buffer.from(to, "hex")).toReversed().join(".");
      const bits = Number.parseInt(mask, 16).toString(2).replaceAll("0", "").length;
      return [{ interfaceName, cidr: `${address}/${bits}` }];
    });
}

function ownAddresses(): readonly UsedNetwork[] {
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, entries = []]) =>
    entries.flatMap(({ cidr, family }) =>
      family === "IPv4" && cidr !== null ? [{ interfaceName, cidr }] : [],
    ),
  );
}

/** Without the table the addresses have to do. */
function readRoutes(): string {
  try {
    return readFileSync("/proc/net/route", "utf8");
  } catch {
    return "";
  }
}

function bitsOf(cidr: string): number {
  return Number(cidr.split("/")[1] ?? "32");
}

function overlaps(cidr: string, address: string): boolean {
  const bits = Math.min(bitsOf(cidr), prefixBits);
  const network = (text: string): number => Math.floor(numberOf(text) / 2 ** (32 - bits));
  return bits > 0 && network(cidr.split("/")[0] ?? "") === network(address);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
