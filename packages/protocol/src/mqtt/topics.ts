/** Which device a topic belongs to. */
export interface DeviceAddress {
  readonly productId: string;
  readonly deviceName: string;
}

/** Kinds of `$thing` topics. */
export const thingKinds = ["property", "event", "action", "service", "raw"] as const;
/** One of {@link thingKinds}. */
export type ThingKind = (typeof thingKinds)[number];

/** `$thing/up/{kind}/{productId}/{deviceName}`: device → cloud. */
export function thingUpTopic(kind: ThingKind, device: DeviceAddress): string {
  return `$thing/up/${kind}/${device.productId}/${device.deviceName}`;
}

/** `$thing/down/{kind}/{productId}/{deviceName}`: cloud → device. */
export function thingDownTopic(kind: ThingKind, device: DeviceAddress): string {
  return `$thing/down/${kind}/${device.productId}/${device.deviceName}`;
}

/** `$sys/operation/{productId}/{deviceName}`: the device asks for the time. */
export function sysRequestTopic(device: DeviceAddress): string {
  return `$sys/operation/${device.productId}/${device.deviceName}`;
}

/** `$sys/operation/result/{productId}/{deviceName}`: the answer. */
export function sysReplyTopic(device: DeviceAddress): string {
  return `$sys/operation/result/${device.productId}/${device.deviceName}`;
}

/** What a topic is for, and whose. */
export type ParsedTopic = DeviceAddress &
  (
    | { readonly family: "thing"; readonly direction: "up" | "down"; readonly kind: ThingKind }
    | { readonly family: "sys" | "log" | "ota" | "gateway" | "shadow"; readonly direction: "up" | "down" }
    | { readonly family: "custom"; readonly name: string }
  );

/** Prefixes of two-way families, longest first so that a result is not read as a request. */
const families = [
  ["$sys/operation/result/", "sys", "down"],
  ["$sys/operation/", "sys", "up"],
  ["$log/operation/result/", "log", "down"],
  ["$log/operation/", "log", "up"],
  ["$ota/report/", "ota", "up"],
  ["$ota/update/", "ota", "down"],
  ["$gateway/operation/result/", "gateway", "down"],
  ["$gateway/operation/", "gateway", "up"],
  ["$shadow/operation/result/", "shadow", "down"],
  ["$shadow/operation/", "shadow", "up"],
] as const;

/** Reads a topic without wildcards; `undefined` when it is none that a device may know. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  if (/[+#\0]/.test(topic)) return undefined;
  const thing = /^\$thing\/(up|down)\/(property|event|action|service|raw)\/([^/]+)\/([^/]+)$/.exec(topic);
  if (thing !== null) {
    const [, direction, kind, productId = "", deviceName = ""] = thing;
    // The expression lets no other direction or kind through.
    return {
      family: "thing",
      direction: direction as "up" | "down",
      kind: kind as ThingKind,
      productId,
      deviceName,
    };
  }
  for (const [prefix, family, direction] of families) {
    if (!topic.startsWith(prefix)) continue;
    const [productId = "", deviceName = "", ...rest] = topic.slice(prefix.length).split("/");
    if (productId === "" || deviceName === "" || rest.length > 0) return undefined;
    return { family, direction, productId, deviceName };
  }
  if (topic.startsWith("$")) return undefined;
  const [productId = "", deviceName = "", ...name] = topic.split("/");
  if (productId === "" || deviceName === "" || name.length === 0 || name.includes("")) return undefined;
  return { family: "custom", name: name.join("/"), productId, deviceName };
}
