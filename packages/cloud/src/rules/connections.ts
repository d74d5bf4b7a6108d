import type { DeviceAddress } from "@softap/protocol";
import { deviceIdOf } from "./device-id.ts";
import { nowS, type RulesContext } from "./rules-context.ts";

/** How a device proved who it is. */
export type DeviceSecurity = "psk" | "password" | "certificate";

/** An MQTT session that is open. */
export interface Connection {
  readonly deviceId: string;
  /** Tells it from the session that it replaced. */
  readonly session: string;
  /** The machine that holds the socket. */
  readonly node: string;
  readonly address: string;
  readonly security: DeviceSecurity;
  readonly connectedAtS: number;
}

/** Where open sessions are recorded. */
export interface ConnectionStore {
  /** Records a session in place of an older one, and the device's first as its activation. @returns Whether the device exists. */
  opened(connection: Connection, options: { isFirst: boolean }): Promise<boolean>;
  /** Removes the session. @returns Whether it was still the device's current one. */
  closed(deviceId: string, session: string): Promise<boolean>;
  /** Removes what a machine left behind when it died. */
  clear(node: string): Promise<void>;
  find(deviceId: string): Promise<Connection | undefined>;
  list(page: { offset: number; limit: number }): Promise<{ items: readonly Connection[]; total: number }>;
  /** Which of the devices are connected. */
  connected(deviceIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Hears who comes and goes. */
export interface ConnectionListener {
  online(device: DeviceAddress): void;
  offline(device: DeviceAddress): void;
}

/** Who is connected, on whichever machine. */
export class Connections {
  readonly #store: ConnectionStore;
  readonly #listener: ConnectionListener;
  readonly #context: RulesContext;
  readonly #node: string;

  constructor(
    parts: { store: ConnectionStore; listener: ConnectionListener; node: string },
    context: RulesContext,
  ) {
    this.#store = parts.store;
    this.#listener = parts.listener;
    this.#node = parts.node;
    this.#context = context;
  }

  /** Forgets what this machine held before it was started again. */
  async start(): Promise<void> {
    await this.#store.clear(this.#node);
  }

  /** A device connected. @returns Whether it exists still. */
  async opened(
    device: DeviceAddress,
    session: { session: string; address: string; security: DeviceSecurity; isFirst: boolean },
  ): Promise<boolean> {
    const { isFirst, ...rest } = session;
    const connection = {
      deviceId: deviceIdOf(device),
      node: this.#node,
      connectedAtS: nowS(this.#context),
      ...rest,
    };
    if (!(await this.#store.opened(connection, { isFirst }))) return false;
    this.#listener.online(device);
    return true;
  }

  /** A session ended. */
  async closed(device: DeviceAddress, session: string): Promise<void> {
    if (await this.#store.closed(deviceIdOf(device), session)) this.#listener.offline(device);
  }

  /** Open sessions by device. */
  list(page: { offset: number; limit: number }): Promise<{ items: readonly Connection[]; total: number }> {
    return this.#store.list(page);
  }

  /** The open session of a device. */
  find(device: DeviceAddress): Promise<Connection | undefined> {
    return this.#store.find(deviceIdOf(device));
  }

  /** Which of the devices are connected. */
  connected(deviceIds: readonly string[]): Promise<ReadonlySet<string>> {
    return deviceIds.length === 0 ? Promise.resolve(new Set()) : this.#store.connected(deviceIds);
  }
}
