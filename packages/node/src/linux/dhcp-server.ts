import type { CancelSignal, Clock, SoftApOptions } from "@softap/ports";
import type { ChildProgram } from "./command.ts";
import { runtimeFolder } from "./leftovers.ts";
import { startProgram } from "./started-program.ts";

/** Seconds that a phone may use its address: long enough for a session, short enough to forget phones. */
const leaseSeconds = 3600;

/** Where a DHCP server of the soft AP serves, and what it tells. */
export interface DhcpServerPlan {
  /** Interface of the soft AP; it has the address already. */
  readonly interfaceName: string;
  /** Own address on the soft AP; its /24 is served. */
  readonly address: string;
  /** What phones are told beside their address. */
  readonly softAp: Pick<SoftApOptions, "portalUrl" | "answersNames">;
  /** Interface of the station, whose next run finds a server that was left behind. */
  readonly stationInterface: string;
}

/** A DHCP server that runs. */
export type DhcpServer = Pick<ChildProgram, "onExit" | "stop">;

/**
 * Starts dnsmasq as the DHCP server of a soft AP, whoever runs the radio; resolves when it serves.
 *
 * @throws {WifiError} `SOFTAP_START_FAILED`, `WIFI_PROGRAM_MISSING`
 */
export function startDhcpServer(
  plan: DhcpServerPlan,
  options: { readonly clock: Clock; readonly signal: CancelSignal },
): Promise<DhcpServer> {
  return startProgram({ name: "dnsmasq", args: dnsmasqArguments(plan), ready: /DHCP, IP range/ }, options);
}

/** Arguments of dnsmasq: it serves the /24 around the device's address and answers no names, which are the portal's. */
export function dnsmasqArguments(plan: DhcpServerPlan): readonly string[] {
  const { interfaceName, address, softAp, stationInterface } = plan;
  const prefix = address.slice(0, address.lastIndexOf("."));
  const own = Number(address.slice(address.lastIndexOf(".") + 1));
  // The larger half beside the own address, whichever that is.
  const [first, last] = own < 128 ? [own + 1, 254] : [1, own - 1];
  return [
    "--keep-in-foreground",
    "--conf-file=/dev/null",
    "--log-facility=-",
    "--port=0",
    `--interface=${interfaceName}`,
    "--except-interface=lo",
    "--bind-dynamic",
    `--dhcp-range=${prefix}.${first},${prefix}.${last},255.255.255.0,${leaseSeconds}`,
    "--dhcp-authoritative",
    // Nobody else is in this network; asking around would cost the phone seconds, and the process CAP_NET_RAW.
    "--no-ping",
    // The path is never written to: a later run knows the process by it.
    `--dhcp-leasefile=${runtimeFolder(stationInterface)}/leases`,
    "--leasefile-ro",
    "--pid-file",
    // With its own name server off, dnsmasq names none unless it is told to.
    ...(softAp.answersNames === true ? [`--dhcp-option=option:dns-server,${address}`] : []),
    ...(softAp.portalUrl === undefined ? [] : [`--dhcp-option=114,${softAp.portalUrl}`]),
  ];
}
