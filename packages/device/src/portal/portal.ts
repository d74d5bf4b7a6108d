import type { SoftApOptions, TimerHandle } from "@softap/ports";
import { asSoftApError, isSoftApError, protocolLimits, UsageError } from "@softap/protocol";
import type { DevicePortal, PortalSession } from "../device-portal.ts";
import { NameServer } from "./dns/server.ts";
import { PageServer } from "./http/server.ts";
import { portalLimits } from "./limits.ts";
import { contentSecurityPolicy } from "./page/page.ts";
import { internetAddress } from "./probes.ts";
import { captiveApiPath, route } from "./routes.ts";
import { Setup } from "./setup.ts";

/** Ports of the web and of names. */
const httpPort = 80;
const dnsPort = 53;

/** Settings of a {@link Portal}. */
export interface PortalOptions {
  /** `on`: phones open the page; `app-only`: their probes are answered as if there were internet, so that they stay. @defaultValue "on" */
  readonly mode?: "on" | "app-only";
  /** TCP port of the page; 0 lets the system choose. @defaultValue 80 */
  readonly port?: number;
  /** UDP port of the name server; `off` where the soft AP's own server answers names. @defaultValue 53 */
  readonly dnsPort?: number | "off";
  /** Address to listen on and to be found at. @defaultValue every one, found at the soft AP's, and only by phones on it */
  readonly address?: string;
}

/**
 * Provisioning with any browser: a page on the soft AP that hands its form to the same session as the datagrams of an app.
 *
 * @example
 * ```ts
 * const device = new Device({ ...options, portal: new Portal({ mode: "on" }) });
 * ```
 */
export class Portal implements DevicePortal {
  readonly #options: PortalOptions;
  #setup: Setup | undefined;
  #session: PortalSession | undefined;
  #pages: PageServer | undefined;
  #names: NameServer | undefined;
  #namesRetry: TimerHandle | undefined;

  /** @throws {@link UsageError} `CONFIG_INVALID` */
  constructor(options: PortalOptions = {}) {
    const { port = httpPort, dnsPort: names = dnsPort, address } = options;
    for (const value of [port, names])
      if (value !== "off" && !(Number.isInteger(value) && value >= 0 && value <= 0xffff))
        throw new UsageError("CONFIG_INVALID", `portal port is ${value}, 0 to 65535 is allowed`);
    if (address !== undefined && !/^\d+\.\d+\.\d+\.\d+$/.test(address))
      throw new UsageError("CONFIG_INVALID", "portal address is not an IPv4 address");
    this.#options = options;
  }

  /** TCP port of the page while a session is open. */
  get localPort(): number | undefined {
    return this.#pages?.localPort;
  }

  /** UDP port of the name server while it listens. */
  get localDnsPort(): number | undefined {
    return this.#names?.localPort;
  }

  /** Where the page is, while a session is open. */
  get url(): string | undefined {
    if (this.#session === undefined || this.#pages === undefined) return undefined;
    return `http://${authorityOf(this.#addressOn(this.#session.options.softAp), this.#pages.localPort)}/`;
  }

  /** @inheritdoc */
  announcedBy(softAp: SoftApOptions): SoftApOptions {
    const { mode = "on", port = httpPort, dnsPort: names = dnsPort } = this.#options;
    // A phone for the app only shall not hear of a page; and a port that the system has yet to choose cannot be told.
    const isTold = mode === "on" && port !== 0;
    return {
      ...softAp,
      // Phones ask for names on this port alone.
      ...(names === dnsPort ? { answersNames: true } : {}),
      ...(isTold
        ? { portalUrl: `http://${authorityOf(this.#addressOn(softAp), port)}${captiveApiPath}` }
        : {}),
    };
  }

  /** @inheritdoc */
  async prepare(session: PortalSession): Promise<void> {
    const { mode = "on", port = httpPort, address } = this.#options;
    const { ports, softAp, log } = session.options;
    const setup = new Setup(session);
    const ownAddress = this.#addressOn(softAp);
    const policy = contentSecurityPolicy(ports.crypto);
    const pages = await PageServer.open({
      ports,
      log,
      port,
      ...(address === undefined ? {} : { address }),
      isServed: (peer) => this.#isServed(peer, softAp),
      answer: (request) =>
        route(request, { mode, authority: authorityOf(ownAddress, pages.localPort), policy, setup }),
    });
    this.#pages = pages;
    this.#session = session;
    this.#setup = setup;
    // A radio that cannot do both looks around while nobody is on its soft AP yet.
    if (mode === "on" && !setup.canRescan) await setup.search();
  }

  /** @inheritdoc */
  async open(): Promise<void> {
    const { mode = "on", dnsPort: port = dnsPort } = this.#options;
    if (mode === "on" && this.#setup?.canRescan === true) void this.#setup.search();
    if (this.#session !== undefined && port !== "off") await this.#openNames(this.#session, port);
  }

  /** @inheritdoc */
  close(): void {
    this.#session = undefined;
    this.#setup = undefined;
    this.#pages?.close();
    this.#pages = undefined;
    this.#names?.close();
    this.#names = undefined;
    this.#namesRetry?.cancel();
    this.#namesRetry = undefined;
  }

  /** Listens on the soft AP's address alone: systems often have a name server of their own on others. */
  async #openNames(session: PortalSession, port: number): Promise<void> {
    const { mode = "on" } = this.#options;
    const { ports, softAp, log } = session.options;
    const own = this.#addressOn(softAp);
    try {
      const names = await NameServer.open({
        datagrams: ports.datagrams,
        log,
        port,
        address: own,
        isServed: (peer) => this.#isServed(peer, softAp),
        addressOf: (name) => (mode === "on" ? own : (internetAddress(name) ?? own)),
      });
      if (this.#session === session) this.#names = names;
      else names.close();
    } catch (error) {
      if (this.#session !== session) return;
      // An attempt that is resumed on a radio that does one thing at a time begins without the soft AP and its address.
      if (isSoftApError(error, "ADDRESS_UNAVAILABLE"))
        this.#namesRetry = ports.clock.after("portalNames", portalLimits.dnsRetryMs, () => {
          void this.#openNames(session, port);
        });
      // The page can still be opened by its address, which is more than no session at all.
      else log.warn("names are not answered", { code: asSoftApError(error).code, port });
    }
  }

  #addressOn(softAp: SoftApOptions): string {
    return this.#options.address ?? softAp.address ?? protocolLimits.deviceAddress;
  }

  /** With an address of its own the portal serves who can reach it; else only the soft AP's network, never the router's. */
  #isServed(peer: string, softAp: SoftApOptions): boolean {
    if (this.#options.address !== undefined) return true;
    return peer.replace(/\.\d+$/, "") === this.#addressOn(softAp).replace(/\.\d+$/, "");
  }
}

function authorityOf(address: string, port: number): string {
  return port === httpPort ? address : `${address}:${port}`;
}
