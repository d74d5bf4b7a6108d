import type { DeviceAddress, ParsedTopic } from "@softap/protocol";

/** A message of a device that was allowed to send it. */
export interface Uplink {
  readonly device: DeviceAddress;
  readonly topic: ParsedTopic;
  readonly payload: Uint8Array;
}

/** A message for a device. */
export interface Downlink {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** The seam between the rules and whatever broker holds the devices' connections. */
export interface DeviceGateway {
  /** Takes a device's message; the device hears an acknowledgement only after it resolved. Set once, before devices can connect. */
  onUplink: ((uplink: Uplink) => Promise<void>) | undefined;
  /** Sends to a connected device that subscribed to the topic. @returns Whether there was one; nothing is kept for later. */
  push(device: DeviceAddress, message: Downlink): Promise<boolean>;
  /** Ends a device's connection. @returns Whether there was one. */
  kick(device: DeviceAddress): Promise<boolean>;
}
