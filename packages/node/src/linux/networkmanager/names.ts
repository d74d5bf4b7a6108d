/** Names and numbers of NetworkManager's D-Bus API. @see https://networkmanager.dev/docs/api/latest/spec.html */
export const service = "org.freedesktop.NetworkManager";
/** Path of the manager. */
export const managerPath = "/org/freedesktop/NetworkManager";
/** Path of the profiles. */
export const settingsPath = "/org/freedesktop/NetworkManager/Settings";
/** Stands for "none" where the API wants a path. */
export const noPath = "/";

/** Interfaces of the objects that are used. */
export const Interface = {
  manager: service,
  settings: `${service}.Settings`,
  profile: `${service}.Settings.Connection`,
  active: `${service}.Connection.Active`,
  device: `${service}.Device`,
  wireless: `${service}.Device.Wireless`,
  accessPoint: `${service}.AccessPoint`,
  ip4Config: `${service}.IP4Config`,
  properties: "org.freedesktop.DBus.Properties",
} as const;

/** NMDeviceState. */
export const DeviceState = {
  unknown: 0,
  unmanaged: 10,
  unavailable: 20,
  disconnected: 30,
  prepare: 40,
  config: 50,
  needAuth: 60,
  ipConfig: 70,
  ipCheck: 80,
  secondaries: 90,
  activated: 100,
  deactivating: 110,
  failed: 120,
} as const;

/** NM80211Mode, as far as it is used. */
export const WirelessMode = { infrastructure: 2, accessPoint: 3 } as const;

/** NMSettingsAddConnection2Flags, as far as they are used. */
export const AddFlag = { inMemory: 0x2 } as const;

/** NMSettingsUpdate2Flags, as far as they are used. */
export const UpdateFlag = { toDisk: 0x1, noReapply: 0x40 } as const;
