import {
  type CancelSignal,
  canceled,
  type Endpoint,
  type StreamConnection,
  type StreamListener,
  type Streams,
  throwIfCanceled,
} from "@softap/ports";
import { type SoftApError, softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import type { Route, VirtualHost } from "./host.ts";
import { checkPort, type PortHolder, PortTable } from "./port-table.ts";
import { ReliablePipe } from "./reliable-pipe.ts";
import { connectPair, type VirtualStreamConnection } from "./stream-connection.ts";

/** Opening takes a turn, as everywhere: a signal that fires right behind the call still counts. */
const turn: Promise<void> = Promise.resolve();

interface Listener extends PortHolder {
  readonly onConnection: (connection: StreamConnection) => void;
}

/** TCP of one {@link VirtualHost}. */
export class VirtualStreams implements Streams {
  readonly #host: VirtualHost;
  readonly #listeners = new PortTable<Listener>();
  readonly #connections = new Set<VirtualStreamConnection>();

  constructor(host: VirtualHost) {
    this.#host = host;
  }

  /** Listeners and connections that are open. */
  get openCount(): number {
    return this.#listeners.size + this.#connections.size;
  }

  /** @inheritdoc */
  async listen(options: {
    port: number;
    address?: string;
    onConnection: (connection: StreamConnection) => void;
    signal: CancelSignal;
  }): Promise<StreamListener> {
    await turn;
    throwIfCanceled(options.signal);
    checkPort(options.port, 0);
    const localAddress = options.address === "0.0.0.0" ? undefined : options.address;
    if (localAddress !== undefined && !this.#host.hasAddress(localAddress))
      throw softApError(
        "ADDRESS_UNAVAILABLE",
        `${this.#host.name} does not have the address ${localAddress}`,
      );
    const isFree = (port: number): boolean => this.#listeners.isFree(port, localAddress);
    const localPort = options.port === 0 ? this.#host.dynamicPort(isFree) : options.port;
    if (!isFree(localPort))
      throw softApError("ADDRESS_IN_USE", `TCP port ${localPort} of ${this.#host.name} is taken`);
    const listener: Listener = { localPort, localAddress, onConnection: options.onConnection };
    this.#listeners.add(listener);
    return { localPort, close: () => this.#listeners.remove(listener) };
  }

  /** @inheritdoc */
  async connect(options: { to: Endpoint; signal: CancelSignal }): Promise<StreamConnection> {
    const { to, signal } = options;
    throwIfCanceled(signal);
    checkPort(to.port, 1);
    const isName = !/^[\d.]+$/.test(to.address);
    const address = isName ? this.#host.network.resolve(this.#host, to.address) : to.address;
    if (address === undefined)
      throw softApError("HOST_NOT_FOUND", `${this.#host.name} finds no host ${to.address}`);
    const route = this.#host.route(address);
    if (route === undefined) throw softApError("UNREACHABLE", `${this.#host.name} has no way to ${address}`);
    return this.#shakeHands(route, to.port, signal);
  }

  /** Who takes a connection that arrived, if anybody. */
  listenerAt(endpoint: Endpoint): Listener | undefined {
    return this.#listeners.find(endpoint.port, endpoint.address);
  }

  /** Keeps count of a connection while it is open. */
  add(connection: VirtualStreamConnection): void {
    this.#connections.add(connection);
    connection.onEnded = () => this.#connections.delete(connection);
  }

  #shakeHands(route: Route, port: number, signal: CancelSignal): Promise<StreamConnection> {
    return new Promise((resolve, reject) => {
      const forth = new ReliablePipe(this.#host, route);
      const back = new ReliablePipe(route.to, {
        segment: route.segment,
        link: route.segment.link(route.to, this.#host),
        fromAddress: route.toAddress,
        to: this.#host,
        toAddress: route.fromAddress,
      });
      const local = { address: route.fromAddress, port: this.#host.dynamicPort(() => true) };
      const remote = { address: route.toAddress, port };
      let accepted: VirtualStreamConnection | undefined;
      let isGivenUp = false;
      const settle = (): void => {
        deadline.cancel();
        signal.removeEventListener("abort", onAbort);
      };
      const fail = (error: SoftApError): void => {
        settle();
        isGivenUp = true;
        forth.stop();
        back.stop();
        accepted?.break();
        reject(error);
      };
      const onAbort = (): void => fail(canceled(signal));
      const deadline = this.#host.network.clock.after("stream connect", virtualLimits.streamGiveUpMs, () =>
        fail(softApError("UNREACHABLE", `${remote.address} does not answer`)),
      );
      signal.addEventListener("abort", onAbort, { once: true });
      forth.send(() => {
        if (isGivenUp) return;
        const listener = route.to.streamTable.listenerAt(remote);
        if (listener === undefined) {
          back.send(() =>
            fail(softApError("CONNECTION_REFUSED", `Nobody listens at ${remote.address}:${port}`)),
          );
          return;
        }
        const pair = connectPair({ local, remote, forth, back });
        accepted = pair.accepted;
        this.add(pair.opened);
        route.to.streamTable.add(pair.accepted);
        // Sent before anything that the listener writes, so the opener has its connection first.
        back.send(() => {
          settle();
          resolve(pair.opened);
        });
        listener.onConnection(pair.accepted);
      });
    });
  }
}
