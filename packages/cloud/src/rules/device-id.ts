import { type DeviceAddress, protocolLimits } from "@softap/protocol";

/** Identity of a device in texts and in the database: `productId/deviceName`. */
export function deviceIdOf(device: DeviceAddress): string {
  return `${device.productId}/${device.deviceName}`;
}

/** Reads `productId/deviceName`. @returns Its parts, or `undefined` when it is none. */
export function parseDeviceId(deviceId: string): DeviceAddress | undefined {
  const [productId = "", deviceName = "", ...rest] = deviceId.split("/");
  return rest.length === 0 && isProductId(productId) && isDeviceName(deviceName)
    ? { productId, deviceName }
    : undefined;
}

/** Reads an MQTT client id or TLS-PSK identity: product id and device name without a separator. */
export function parseClientId(clientId: string): DeviceAddress | undefined {
  const productId = clientId.slice(0, protocolLimits.productIdLength);
  const deviceName = clientId.slice(protocolLimits.productIdLength);
  return isProductId(productId) && isDeviceName(deviceName) ? { productId, deviceName } : undefined;
}

/** Whether a text can be a product id: 10 letters and digits. */
export function isProductId(text: string): boolean {
  return /^[A-Za-z0-9]{10}$/.test(text);
}

/** Whether a text can be a device name: 1–48 letters, digits, `_`, `-`, `.`, `:`. */
export function isDeviceName(text: string): boolean {
  return /^[A-Za-z0-9_.:-]{1,48}$/.test(text);
}
