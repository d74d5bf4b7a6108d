import type { CancelSignal } from "@softap/ports";
import { isSoftApError, softApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { DBusError, SystemBus } from "../dbus/bus.ts";
import { asList, asMap, asText, type DBusKey, type DBusValue, Variant } from "../dbus/value.ts";
import { AddFlag, Interface, managerPath, noPath, service, settingsPath, UpdateFlag } from "./names.ts";
import type { Profile } from "./profile.ts";
import { networkManagerError } from "./reasons.ts";

/** How a new profile lives: `memory` until it is deleted, `volatile` until it is deactivated or its creator is gone. */
export type Persistence = "memory" | "volatile";

/** What polkit may allow this user. */
export type NetworkManagerPermission =
  | "network-control"
  | "settings.modify.own"
  | "settings.modify.system"
  | "wifi.share.protected";

/** The part of NetworkManager's D-Bus API that a radio needs. Everything thrown is one of our errors. */
export class NetworkManagerClient {
  /** The bus, for what is not NetworkManager's. */
  readonly bus: SystemBus;

  private constructor(bus: SystemBus) {
    this.bus = bus;
  }

  /**
   * @param options.busPath - Socket of the system bus. @defaultValue the standard one
   * @throws {WifiError} `WIFI_SUPPLICANT_GONE` when the bus or NetworkManager does not answer
   */
  static async connect(options: { busPath?: string; signal: CancelSignal }): Promise<NetworkManagerClient> {
    const { busPath, signal } = options;
    const bus = await SystemBus.connect({ signal, ...(busPath === undefined ? {} : { path: busPath }) });
    const client = new NetworkManagerClient(bus);
    try {
      await client.get(managerPath, Interface.manager, "Version", options);
    } catch (error) {
      bus.close();
      throw error;
    }
    return client;
  }

  /** Path of the device of an interface. @throws {WifiError} `WIFI_INTERFACE_MISSING` */
  async devicePath(interfaceName: string, call: Call): Promise<string> {
    const [path] = await this.#manager("GetDeviceByIpIface", "s", [interfaceName], call);
    return asText(path);
  }

  /** Whether polkit allows this user something without asking a person. */
  async holdsPermission(name: NetworkManagerPermission, call: Call): Promise<boolean> {
    return (await this.#permissions(call)).get(`${service}.${name}`) === "yes";
  }

  /** @throws {TransportError} `PERMISSION_DENIED` unless polkit allows all of these without asking a person. */
  async requirePermissions(needed: readonly NetworkManagerPermission[], call: Call): Promise<void> {
    const held = await this.#permissions(call);
    for (const name of needed) {
      const permission = `${service}.${name}`;
      const answer = held.get(permission) ?? "no";
      if (answer === "yes") continue;
      const message = `NetworkManager does not grant ${permission}`;
      throw softApError("PERMISSION_DENIED", message, { context: { permission, answer: asText(answer) } });
    }
  }

  /** Whether radios are switched on, by software and by hardware. */
  async isWirelessEnabled(call: Call): Promise<boolean> {
    const properties = await this.getAll(managerPath, Interface.manager, call);
    return properties.get("WirelessEnabled") !== false && properties.get("WirelessHardwareEnabled") !== false;
  }

  /** Adds a profile in memory, and does not activate it. @returns Its path */
  async addProfile(profile: Profile, call: Call): Promise<string> {
    const body = [profile, AddFlag.inMemory, new Map<string, DBusValue>()];
    const [path] = await this.#call(
      settingsPath,
      Interface.settings,
      "AddConnection2",
      "a{sa{sv}}ua{sv}",
      body,
      call,
    );
    return asText(path);
  }

  /** Adds a profile and begins to activate it. */
  async addAndActivate(
    profile: Profile,
    devicePath: string,
    options: Call & { persist: Persistence },
  ): Promise<{ profilePath: string; activePath: string }> {
    const how = new Map<string, DBusValue>([["persist", new Variant("s", options.persist)]]);
    if (options.persist === "volatile") how.set("bind-activation", new Variant("s", "dbus-client"));
    const [profilePath, activePath] = await this.#manager(
      "AddAndActivateConnection2",
      "a{sa{sv}}ooa{sv}",
      [profile, devicePath, noPath, how],
      options,
    );
    return { profilePath: asText(profilePath), activePath: asText(activePath) };
  }

  /** Begins to activate a profile that exists; resolves with the path of the activation. */
  async activate(profilePath: string, devicePath: string, call: Call): Promise<string> {
    const [activePath] = await this.#manager(
      "ActivateConnection",
      "ooo",
      [profilePath, devicePath, noPath],
      call,
    );
    return asText(activePath);
  }

  /** Disconnects a device and keeps it so until something is activated by hand. A device that is not connected is fine. */
  async disconnect(devicePath: string, call: Call): Promise<void> {
    await this.#forgive("org.freedesktop.NetworkManager.Device.NotActive", () =>
      this.#call(devicePath, Interface.device, "Disconnect", "", [], call),
    );
  }

  /**
   * Asks for a scan. It calls the hidden networks that there are profiles of, and no others: NetworkManager 1.42 and older die
   * by a memory fault when a scan is asked for by an SSID that waits for its scan already.
   */
  async requestScan(devicePath: string, call: Call): Promise<void> {
    // A scan that is under way already, or was a moment ago, serves as well.
    await this.#forgive("org.freedesktop.NetworkManager.Device.NotAllowed", () =>
      this.#call(
        devicePath,
        Interface.wireless,
        "RequestScan",
        "a{sv}",
        [new Map<string, DBusValue>()],
        call,
      ),
    );
  }

  /** Paths of the access points that a device sees, hidden ones included. */
  async accessPoints(devicePath: string, call: Call): Promise<readonly string[]> {
    const [paths] = await this.#call(devicePath, Interface.wireless, "GetAllAccessPoints", "", [], call);
    return asList(paths).map((path) => asText(path));
  }

  /** Paths of all profiles. */
  async profiles(call: Call): Promise<readonly string[]> {
    const [paths] = await this.#call(settingsPath, Interface.settings, "ListConnections", "", [], call);
    return asList(paths).map((path) => asText(path));
  }

  /** Settings of a profile without its secrets, or `undefined` when it is gone. */
  async profileSettings(
    profilePath: string,
    call: Call,
  ): Promise<ReadonlyMap<DBusKey, DBusValue> | undefined> {
    try {
      const [settings] = await this.#call(profilePath, Interface.profile, "GetSettings", "", [], call);
      return asMap(settings);
    } catch (error) {
      if (isSoftApError(error, "CANCELED")) throw error;
      return undefined;
    }
  }

  /** Replaces a profile and writes it to disk; an activation of it goes on. */
  async saveProfile(profilePath: string, profile: Profile, call: Call): Promise<void> {
    const body = [profile, UpdateFlag.toDisk | UpdateFlag.noReapply, new Map<string, DBusValue>()];
    await this.#call(profilePath, Interface.profile, "Update2", "a{sa{sv}}ua{sv}", body, call);
  }

  /** Deletes a profile; what uses it is disconnected. One that is gone is fine. */
  async deleteProfile(profilePath: string, call: Call): Promise<void> {
    await this.#forgive("org.freedesktop.DBus.Error.UnknownMethod", () =>
      this.#forgive("org.freedesktop.DBus.Error.UnknownObject", () =>
        this.#call(profilePath, Interface.profile, "Delete", "", [], call),
      ),
    );
  }

  /** One property. */
  async get(
    path: string,
    interfaceName: string,
    property: string,
    call: Call,
  ): Promise<DBusValue | undefined> {
    const [value] = await this.#call(
      path,
      Interface.properties,
      "Get",
      "ss",
      [interfaceName, property],
      call,
    );
    return value;
  }

  /** All properties of an interface. */
  async getAll(path: string, interfaceName: string, call: Call): Promise<ReadonlyMap<DBusKey, DBusValue>> {
    const [values] = await this.#call(path, Interface.properties, "GetAll", "s", [interfaceName], call);
    return asMap(values);
  }

  /** Lets go of the bus; what is bound to it ends. Idempotent. */
  close(): void {
    this.bus.close();
  }

  async #permissions(call: Call): Promise<ReadonlyMap<DBusKey, DBusValue>> {
    const [answers] = await this.#manager("GetPermissions", "", [], call);
    return asMap(answers);
  }

  #manager(
    member: string,
    signature: string,
    body: readonly DBusValue[],
    call: Call,
  ): Promise<readonly DBusValue[]> {
    return this.#call(managerPath, Interface.manager, member, signature, body, call);
  }

  async #forgive(errorName: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (!(cause instanceof DBusError) || cause.errorName !== errorName) throw error;
    }
  }

  async #call(
    path: string,
    interfaceName: string,
    member: string,
    signature: string,
    body: readonly DBusValue[],
    call: Call,
  ): Promise<readonly DBusValue[]> {
    if (!path.startsWith("/"))
      throw softApError("INTERNAL", `NetworkManager gave no path for ${member}`, { context: { path } });
    try {
      return await this.bus.call(
        { destination: service, path, interface: interfaceName, member, signature, body },
        call,
      );
    } catch (error) {
      throw networkManagerError(error, `NetworkManager refused ${member}`);
    }
  }
}
