import { type CancelSignal, type Clock, withTimeout } from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import { cancelable } from "../../cancelable.ts";
import { asNumber, asText } from "../dbus/value.ts";
import { linuxLimits } from "../limits.ts";
import type { NetworkManagerClient } from "./client.ts";
import { DeviceState, Interface, service } from "./names.ts";

/** One step of a device's life. */
export interface StateChange {
  /** NMDeviceState. */
  readonly state: number;
  readonly previous: number;
  /** NMDeviceStateReason. */
  readonly reason: number;
}

/** NetworkManager itself left the bus: told as a step to the unknown state for the reason "supplicant failed". */
const gone = { state: DeviceState.unknown, reason: 10 } as const;

/** One interface as NetworkManager sees it; it survives a restart of NetworkManager. */
export class NetworkManagerDevice {
  readonly interfaceName: string;
  readonly #client: NetworkManagerClient;
  readonly #listeners = new Set<(change: StateChange) => void>();
  #path = "";
  #state: number = DeviceState.unknown;
  /** How many steps were told. */
  #told = 0;
  #unsubscribe: (() => void)[] = [];

  private constructor(client: NetworkManagerClient, interfaceName: string) {
    this.#client = client;
    this.interfaceName = interfaceName;
  }

  /** @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_SUPPLICANT_GONE` */
  static async open(
    client: NetworkManagerClient,
    interfaceName: string,
    call: { signal: CancelSignal },
  ): Promise<NetworkManagerDevice> {
    const device = new NetworkManagerDevice(client, interfaceName);
    const stateChanged = { sender: service, interface: Interface.device, member: "StateChanged" };
    const ownerChanged = {
      sender: "org.freedesktop.DBus",
      interface: "org.freedesktop.DBus",
      member: "NameOwnerChanged",
    };
    try {
      device.#unsubscribe.push(
        await client.bus.subscribe(
          stateChanged,
          ([state, previous, reason], path) => {
            if (path !== device.#path) return;
            device.#tell({ state: asNumber(state), previous: asNumber(previous), reason: asNumber(reason) });
          },
          call,
        ),
        await client.bus.subscribe(
          ownerChanged,
          ([name, , owner]) => {
            if (name === service && asText(owner) === "") device.#tell({ ...gone, previous: device.#state });
          },
          call,
        ),
      );
      await device.resolve(call);
    } catch (error) {
      device.close();
      throw error;
    }
    return device;
  }

  /** Path of the device as of the last {@link NetworkManagerDevice.resolve}. */
  get path(): string {
    return this.#path;
  }

  /** NMDeviceState. */
  get state(): number {
    return this.#state;
  }

  /** Hears every step; returns how to stop. */
  listen(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks the device up again: a restarted NetworkManager numbers anew. */
  async resolve(call: { signal: CancelSignal }): Promise<void> {
    this.#path = await this.#client.devicePath(this.interfaceName, call);
    const told = this.#told;
    const state = asNumber(await this.#client.get(this.#path, Interface.device, "State", call));
    // A step that was told meanwhile is newer: the answer reaches this line after everything that came in one piece with it.
    if (told === this.#told) this.#state = state;
  }

  /**
   * Resolves when the device can be used.
   *
   * @throws {WifiError} `WIFI_INTERFACE_MISSING`, `WIFI_UNMANAGED`, `WIFI_BLOCKED`, `WIFI_SUPPLICANT_GONE`
   */
  async requireUsable(clock: Clock, call: { signal: CancelSignal }): Promise<void> {
    await this.resolve(call);
    const context = { interface: this.interfaceName };
    if (!(await this.#client.isWirelessEnabled(call)))
      throw softApError("WIFI_BLOCKED", "The radio is switched off", { context });
    if (this.#state === DeviceState.unmanaged || this.#state === DeviceState.unknown)
      throw softApError("WIFI_UNMANAGED", `NetworkManager does not manage ${this.interfaceName}`, {
        context,
      });
    if (this.#state !== DeviceState.unavailable) return;
    // A device is unavailable for a moment after NetworkManager or the supplicant started.
    const limit = {
      phase: "interface becomes available",
      limitMs: linuxLimits.interfaceReadyMs,
      signal: call.signal,
    };
    await withTimeout(clock, limit, (signal) =>
      this.waitFor(({ state }) => state > DeviceState.unavailable, { signal }),
    ).catch((cause: unknown) => {
      if (call.signal.aborted) throw cause;
      throw softApError("WIFI_SUPPLICANT_GONE", "The supplicant does not serve the radio", {
        cause,
        context,
      });
    });
  }

  /** Resolves as soon as a step fulfils the condition; the present state is asked first. @throws {CanceledError} */
  waitFor(
    isFulfilled: (change: { state: number }) => boolean,
    options: { signal: CancelSignal },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (isFulfilled({ state: this.#state })) {
        resolve();
        return;
      }
      const leave = (): void => {
        stop();
        options.signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(softApError("CANCELED", "The caller gave up", { cause: options.signal.reason }));
      };
      const stop = this.listen((change) => {
        if (!isFulfilled(change)) return;
        leave();
        resolve();
      });
      options.signal.addEventListener("abort", onAbort, { once: true });
      if (options.signal.aborted) onAbort();
    });
  }

  /** Hears nothing any more. Idempotent. */
  close(): void {
    for (const stop of this.#unsubscribe) stop();
    this.#unsubscribe = [];
    this.#listeners.clear();
  }

  #tell(change: StateChange): void {
    this.#told += 1;
    this.#state = change.state;
    for (const listener of this.#listeners) listener(change);
  }
}

/**
 * Opens the device of an interface that was just made, when NetworkManager has taken it over.
 *
 * @throws {CanceledError} when the signal fires before
 */
export async function openNewDevice(
  client: NetworkManagerClient,
  interfaceName: string,
  call: { signal: CancelSignal },
): Promise<NetworkManagerDevice> {
  let wake = (): void => {};
  const added = { sender: service, interface: Interface.manager, member: "DeviceAdded" };
  const stop = await client.bus.subscribe(added, () => wake(), call);
  try {
    for (;;) {
      const next = cancelable<void>(call.signal, ({ resolve }) => {
        wake = () => resolve();
        return () => {};
      });
      // Only one of the two is awaited in the end; the other must not count as unhandled.
      next.catch(() => {});
      try {
        const device = await NetworkManagerDevice.open(client, interfaceName, call);
        await device
          .waitFor(({ state }) => state > DeviceState.unavailable, call)
          .catch((error: unknown) => {
            device.close();
            throw error;
          });
        return device;
      } catch (error) {
        if (!isSoftApError(error, "WIFI_INTERFACE_MISSING")) throw error;
      }
      await next;
    }
  } finally {
    stop();
  }
}
