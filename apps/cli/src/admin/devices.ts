import type { DeviceAddress } from "@softap/protocol";
import type { DeviceSecretOptions } from "../commands/registry.ts";
import type { AdminOptions } from "../config/admin-options.ts";
import { printItem, printList } from "./output.ts";
import { adminClient, handOutSecret, listAll, requireSecretOutput } from "./session.ts";

/** Creates a device; its secret goes where the options say. @throws {SoftApError} `NOT_FOUND`, `ALREADY_EXISTS`, `USAGE`, … */
export async function createDevice(device: DeviceAddress, options: DeviceSecretOptions): Promise<void> {
  const { certificateFingerprint } = options;
  const client = await adminClient(options);
  const product = await client.send({
    method: "GET",
    path: ["products", device.productId],
    subject: `product ${device.productId}`,
  });
  // A device with a certificate has no secret that could get lost.
  if (product["kind"] !== "certificate") requireSecretOutput(options, "device secret");
  const { deviceSecret, ...created } = await client.send({
    method: "POST",
    path: ["products", device.productId, "devices"],
    body: {
      deviceName: device.deviceName,
      ...(certificateFingerprint === undefined ? {} : { certificateFingerprint }),
    },
    subject: subjectOf(device),
  });
  printItem(
    "device",
    { ...created, ...(await handOutSecret(deviceSecret, "deviceSecret", options)) },
    options,
  );
}

/** Prints every device of a product. */
export async function listDevices(productId: string, options: AdminOptions): Promise<void> {
  const devices = await listAll(await adminClient(options), {
    key: "devices",
    path: ["products", productId, "devices"],
    subject: `product ${productId}`,
  });
  printList("device", devices, {
    ...options,
    columns: ["deviceName", "origin", "isOnline", "registeredAtS", "activatedAtS", "createdAtS"],
  });
}

/** Prints one device. @throws {SoftApError} `NOT_FOUND` */
export async function showDevice(device: DeviceAddress, options: AdminOptions): Promise<void> {
  const client = await adminClient(options);
  printItem("device", await client.send({ method: "GET", ...where(device) }), options);
}

/** Lets a device register again; its new secret goes where the options say. @throws {SoftApError} `NOT_FOUND`, `USAGE` */
export async function resetDevice(device: DeviceAddress, options: DeviceSecretOptions): Promise<void> {
  const client = await adminClient(options);
  const { path, subject } = where(device);
  const { deviceSecret, ...reset } = await client.send({ method: "POST", path: [...path, "reset"], subject });
  printItem("device", { ...reset, ...(await handOutSecret(deviceSecret, "deviceSecret", options)) }, options);
}

/** Deletes a device and its binding. @throws {SoftApError} `NOT_FOUND` */
export async function deleteDevice(device: DeviceAddress, options: AdminOptions): Promise<void> {
  const client = await adminClient(options);
  await client.send({ method: "DELETE", ...where(device) });
  printItem("deleted", { ...device }, options);
}

function where(device: DeviceAddress): { path: readonly string[]; subject: string } {
  return { path: ["products", device.productId, "devices", device.deviceName], subject: subjectOf(device) };
}

function subjectOf({ productId, deviceName }: DeviceAddress): string {
  return `device ${productId}/${deviceName}`;
}
