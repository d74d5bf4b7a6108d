import { type DeviceAddress, parseTopic } from "@softap/protocol";
import type { TopicRights } from "../rules/products.ts";

/** Whether a device may subscribe to a filter: only topics of its own, and no wildcards but the one of remote calls. */
export function maySubscribe(filter: string, device: DeviceAddress, rights: TopicRights): boolean {
  const { productId, deviceName } = device;
  const extra = [
    `$rrpc/rxd/${productId}/${deviceName}/+`,
    `$broadcast/rxd/${productId}/${deviceName}`,
    `$resource/down/service/${productId}/${deviceName}`,
  ];
  return extra.includes(filter) || isAllowed(filter, device, { rights, direction: "down" });
}

/** Whether a device may publish on a topic. */
export function mayPublish(topic: string, device: DeviceAddress, rights: TopicRights): boolean {
  if (isAllowed(topic, device, { rights, direction: "up" })) return true;
  const { productId, deviceName } = device;
  if (topic === `$resource/up/service/${productId}/${deviceName}`) return true;
  const call = `$rrpc/txd/${productId}/${deviceName}/`;
  return topic.startsWith(call) && /^[^/+#\0]+$/.test(topic.slice(call.length));
}

function isAllowed(
  topic: string,
  device: DeviceAddress,
  options: { rights: TopicRights; direction: "up" | "down" },
): boolean {
  const parsed = parseTopic(topic);
  if (parsed?.productId !== device.productId || parsed.deviceName !== device.deviceName) return false;
  if (parsed.family !== "custom") return parsed.direction === options.direction;
  const right = Object.hasOwn(options.rights, parsed.name) ? options.rights[parsed.name] : undefined;
  return right === "both" || right === (options.direction === "up" ? "publish" : "subscribe");
}
