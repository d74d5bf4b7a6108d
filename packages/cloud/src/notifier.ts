import { type Random, randomText } from "@softap/ports";
import {
  type DeviceAddress,
  encodeServiceDown,
  encodeUtf8,
  type ServiceDownMessage,
  thingDownTopic,
} from "@softap/protocol";
import type { DeviceGateway, Downlink } from "./gateway.ts";
import type { BindingListener } from "./rules/bindings.ts";
import type { ConnectionListener } from "./rules/connections.ts";
import type { PropertyListener, PropertyValues } from "./rules/properties.ts";
import { nowS, type RulesContext } from "./rules/rules-context.ts";
import { reasonOf } from "./reason.ts";

/** What apps hear of a device, in the vendor's words. */
export type StatusChange = "Online" | "Offline" | "Bind" | "Unbind";

/** Hears what became of a device. `accountId` is whom it belonged to when it belongs to nobody any more. */
export type StatusListener = (change: {
  readonly device: DeviceAddress;
  readonly status: StatusChange;
  readonly formerAccountId?: string;
}) => void;

/** Hears what a device said, or what an app wants of it. */
export type DataListener = (change: {
  readonly device: DeviceAddress;
  readonly subType: "Report" | "Push";
  /** The message, as the device sends or gets it. */
  readonly payload: object;
}) => void;

/** Tells devices and apps what the rules decided. */
export class Notifier implements BindingListener, ConnectionListener, PropertyListener {
  /** Set by whoever serves apps. */
  onStatus: StatusListener | undefined;
  /** Set by whoever serves apps. */
  onData: DataListener | undefined;
  readonly #gateway: () => DeviceGateway;
  readonly #context: RulesContext;

  /** @param gateway - Asked for late: the gateway itself reports connections here. */
  constructor(gateway: () => DeviceGateway, context: RulesContext) {
    this.#gateway = gateway;
    this.#context = context;
  }

  bound(device: DeviceAddress): void {
    this.#pushService(device, { method: "bind_device", clientToken: clientToken(this.#context.random) });
    this.onStatus?.({ device, status: "Bind" });
  }

  unbound(device: DeviceAddress, accountId: string): void {
    this.#pushService(device, { method: "unbind_device", clientToken: clientToken(this.#context.random) });
    this.onStatus?.({ device, status: "Unbind", formerAccountId: accountId });
  }

  online(device: DeviceAddress): void {
    this.onStatus?.({ device, status: "Online" });
  }

  offline(device: DeviceAddress): void {
    this.onStatus?.({ device, status: "Offline" });
  }

  reported(device: DeviceAddress, params: PropertyValues, clientToken: string): void {
    this.onData?.({ device, subType: "Report", payload: { method: "report", clientToken, params } });
  }

  wanted(device: DeviceAddress, params: PropertyValues, clientToken: string): void {
    const payload = { method: "control", clientToken, params };
    this.#push(device, {
      topic: thingDownTopic("property", device),
      payload: encodeUtf8(JSON.stringify(payload)),
    });
    this.onData?.({ device, subType: "Push", payload });
  }

  /** A device that is away asks with `bind_device_query` when it is back, so nothing is kept for it. */
  #pushService(device: DeviceAddress, message: ServiceDownMessage): void {
    const payload = encodeServiceDown(message, { device, timestampS: nowS(this.#context) });
    this.#push(device, { topic: thingDownTopic("service", device), payload });
  }

  #push(device: DeviceAddress, message: Downlink): void {
    this.#gateway()
      .push(device, message)
      .catch((error: unknown) => this.#context.log.error("push failed", { reason: reasonOf(error) }));
  }
}

function clientToken(random: Random): string {
  return `clientToken-${randomText(random, 8)}`;
}
