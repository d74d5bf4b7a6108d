import type { DeviceAddress } from "@softap/protocol";
import type { TopicRights } from "../rules/products.ts";

/** What the broker needs to know of a device. */
export interface DeviceFacts {
  /** Key of TLS-PSK and of password digests; absent for devices with a certificate. */
  readonly key: Uint8Array | undefined;
  readonly certificateFingerprint: string | undefined;
  /** Whether it has connected before. */
  readonly isActivated: boolean;
  readonly topicRights: TopicRights;
}

/** Finds a device at once: TLS-PSK cannot wait. */
export type DeviceLookup = (device: DeviceAddress) => DeviceFacts | undefined;
