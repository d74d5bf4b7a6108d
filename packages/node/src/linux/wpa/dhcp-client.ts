import { networkInterfaces } from "node:os";
import { type CancelSignal, type Clock, sleep } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { cancelable } from "../../cancelable.ts";
import { ChildProgram, findProgram } from "../command.ts";
import { linuxLimits } from "../limits.ts";

/** DHCP clients that are known, the lightest first: how each is started, and how it tells of a lease. */
const clients = [
  {
    name: "udhcpc",
    args: (name: string) => ["-f", "-R", "-i", name, "-t", "100", "-T", "2"],
    lease: /lease of (\d+\.\d+\.\d+\.\d+) obtained/,
  },
  { name: "dhcpcd", args: (name: string) => ["-B", "-4", "-L", name], lease: /leased (\d+\.\d+\.\d+\.\d+)/ },
  { name: "dhclient", args: (name: string) => ["-d", "-4", name], lease: /bound to (\d+\.\d+\.\d+\.\d+)/ },
] as const;

/** Gets an address for an interface, and keeps it until stopped. */
export class DhcpClient {
  readonly #interfaceName: string;
  readonly #clock: Clock;
  #program: ChildProgram | undefined;

  constructor(options: { interfaceName: string; clock: Clock }) {
    this.#interfaceName = options.interfaceName;
    this.#clock = options.clock;
  }

  /**
   * Asks until somebody gives an address; the caller's signal ends it.
   *
   * @throws {WifiError} `WIFI_PROGRAM_MISSING` without any client; `WIFI_NO_ADDRESS` when the client ends
   */
  async start(call: { signal: CancelSignal }): Promise<string> {
    await this.stop();
    const client = clients.find(({ name }) => findProgram(name) !== undefined);
    if (client === undefined) {
      throw softApError("WIFI_PROGRAM_MISSING", "No DHCP client is installed", {
        context: { program: clients.map(({ name }) => name).join(" or ") },
      });
    }
    const program = new ChildProgram(client.name, client.args(this.#interfaceName));
    this.#program = program;
    const address = await cancelable<string>(call.signal, ({ resolve, reject }) => {
      program.onLine = (line) => {
        const leased = client.lease.exec(line)?.[1];
        if (leased !== undefined) resolve(leased);
      };
      program.onExit = (code) => reject(softApError("WIFI_NO_ADDRESS", `${client.name} ended with ${code}`));
      return () => {};
    });
    // The client tells of the lease a moment before its script has given the address to the interface.
    while (!addressesOf(this.#interfaceName).includes(address))
      await sleep(this.#clock, { name: "address appears", delayMs: linuxLimits.addressCheckMs, ...call });
    return address;
  }

  /** Gives the address back. Idempotent. */
  async stop(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    await program?.stop(this.#clock);
  }
}

function addressesOf(interfaceName: string): readonly string[] {
  return (networkInterfaces()[interfaceName] ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address }) => address);
}
