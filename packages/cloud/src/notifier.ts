import { type Random, randomText } from "@softap/ports";
import {
  type DeviceAddress,
  encodeServiceDown,
  type ServiceDownMessage,
  thingDownTopic,
} from "@softap/protocol";
import type { DeviceGateway } from "./gateway.ts";
import type { BindingListener } from "./rules/bindings.ts";
import type { ConnectionListener } from "./rules/connections.ts";
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

/** Tells devices and apps what the rules decided. */
export class Notifier implements BindingListener, ConnectionListener {
  /** Set by whoever serves apps. */
  onStatus: StatusListener | undefined;
  readonly #gateway: () => DeviceGateway;
  readonly #context: RulesContext;

  /** @param gateway - Asked for late: the gateway itself reports connections here. */
  constructor(gateway: () => DeviceGateway, context: RulesContext) {
    this.#gateway = gateway;
    this.#context = context;
  }

  bound(device: DeviceAddress): void {
    this.#push(device, { method: "bind_device", clientToken: clientToken(this.#context.random) });
    this.onStatus?.({ device, status: "Bind" });
  }

  unbound(device: DeviceAddress, accountId: string): void {
    this.#push(device, { method: "unbind_device", clientToken: clientToken(this.#context.random) });
    this.onStatus?.({ device, status: "Unbind", formerAccountId: accountId });
  }

  online(device: DeviceAddress): void {
    this.onStatus?.({ device, status: "Online" });
  }

  offline(device: DeviceAddress): void {
    this.onStatus?.({ device, status: "Offline" });
  }

  /** A device that is away asks with `bind_device_query` when it is back, so nothing is kept for it. */
  #push(device: DeviceAddress, message: ServiceDownMessage): void {
    const payload = encodeServiceDown(message, { device, timestampS: nowS(this.#context) });
    this.#gateway()
      .push(device, { topic: thingDownTopic("service", device), payload })
      .catch((error: unknown) => this.#context.log.error("push failed", { reason: reasonOf(error) }));
  }
}

function clientToken(random: Random): string {
  return `clientToken-${randomText(random, 8)}`;
}
