import type { Kysely, Transaction } from "kysely";

/** Single values of the whole cloud: app key, hash of the admin token, … */
export interface SettingTable {
  key: string;
  value: string;
}

/** One row per product. */
export interface ProductTable {
  id: string;
  name: string;
  secret: string;
  kind: "psk" | "certificate";
  registration_mode: "off" | "pre-created" | "auto-create";
  /** Devices that registration may create. */
  device_limit: number;
  /** JSON object: custom topic name → `subscribe`, `publish` or `both`. */
  topic_rights: string;
  created_at_s: number;
  updated_at_s: number;
}

/** One row per device; the id is `productId/deviceName`. */
export interface DeviceTable {
  id: string;
  product_id: string;
  name: string;
  /** Base64; null for devices with a certificate. */
  secret: string | null;
  /** SHA-256 of the client certificate, lowercase hex; null when its common name decides. */
  certificate_fingerprint: string | null;
  origin: "admin" | "registration";
  registrations: number;
  registered_at_s: number | null;
  activated_at_s: number | null;
  created_at_s: number;
}

/** One row per MQTT session that is open now. */
export interface ConnectionTable {
  device_id: string;
  /** Tells the session from the one that replaced it. */
  session: string;
  /** Which machine holds the socket. */
  node: string;
  address: string;
  security: string;
  connected_at_s: number;
}

/** One row per user. */
export interface AccountTable {
  id: string;
  email: string | null;
  /** Country code, `-`, number. */
  phone: string | null;
  wei_xin_id: string | null;
  nick_name: string;
  avatar: string;
  password_hash: string | null;
  created_at_s: number;
}

/** One row per login. */
export interface AccessTokenTable {
  hash: string;
  account_id: string;
  expires_at_s: number;
}

/** One row per family. */
export interface FamilyTable {
  id: string;
  owner_id: string;
  name: string;
  address: string;
  created_at_s: number;
  updated_at_s: number;
}

/** One row per room. */
export interface RoomTable {
  id: string;
  family_id: string;
  name: string;
  created_at_s: number;
  updated_at_s: number;
}

/** One row per device that belongs to a family. */
export interface BindingTable {
  device_id: string;
  account_id: string;
  family_id: string;
  /** Null is the default room, `0` on the wire. */
  room_id: string | null;
  alias: string;
  created_at_s: number;
  updated_at_s: number;
}

/** One row per bind token. */
export interface BindTokenTable {
  hash: string;
  account_id: string;
  expires_at_s: number;
  /** The device that reported it. */
  device_id: string | null;
  /** The family that it was used for. */
  family_id: string | null;
}

/** One row per property that a device reported or an app wants of it. */
export interface PropertyTable {
  device_id: string;
  name: string;
  /** JSON. */
  reported: string | null;
  reported_at_ms: number | null;
  /** JSON. */
  wanted: string | null;
  /** `clientToken` of the control message that carried it. */
  wanted_token: string | null;
}

/** All tables. */
export interface Schema {
  setting: SettingTable;
  product: ProductTable;
  device: DeviceTable;
  connection: ConnectionTable;
  account: AccountTable;
  access_token: AccessTokenTable;
  family: FamilyTable;
  room: RoomTable;
  binding: BindingTable;
  bind_token: BindTokenTable;
  property: PropertyTable;
}

/** The database, or a transaction on it. */
export type Database = Kysely<Schema> | Transaction<Schema>;
