import { type DeviceAddress, softApError } from "@softap/protocol";
import { Type } from "typebox";
import { isDeviceName, isProductId, parseDeviceId } from "../../rules/device-id.ts";

/** A name that a person typed. */
export const nameSchema = Type.String({ minLength: 1, maxLength: 64 });

/** An id that the cloud made. */
export const idSchema = Type.String({ minLength: 1, maxLength: 64 });

/** A bind token, 6 or 32 characters. */
export const tokenSchema = Type.String({ minLength: 1, maxLength: 64 });

/** `Offset` and `Limit`, as numbers or as their texts. */
export const pageFields = {
  Offset: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: "^\\d{1,9}$" })])),
  Limit: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: "^\\d{1,9}$" })])),
};

/** Entries of a list when the caller does not say, and at most. */
const defaultLimit = 50;
const maxLimit = 100;

/** Which part of a list is asked for. */
export function pageOf(parameters: { Offset?: number | string; Limit?: number | string }): {
  offset: number;
  limit: number;
} {
  return {
    offset: Number(parameters.Offset ?? 0),
    limit: Math.min(Number(parameters.Limit ?? defaultLimit), maxLimit),
  };
}

/** A device, named in either of two ways. */
export const deviceFields = {
  ProductId: Type.Optional(Type.String({ maxLength: 64 })),
  DeviceName: Type.Optional(Type.String({ maxLength: 64 })),
  DeviceId: Type.Optional(Type.String({ maxLength: 128 })),
};

/** Reads `ProductId` and `DeviceName`, or `DeviceId`. @throws {@link CloudError} `APP_PARAMETER_MISSING`, `APP_PARAMETER_INVALID` */
export function deviceOf(parameters: {
  ProductId?: string;
  DeviceName?: string;
  DeviceId?: string;
}): DeviceAddress {
  const { ProductId: productId, DeviceName: deviceName, DeviceId: deviceId } = parameters;
  if (productId !== undefined && deviceName !== undefined) {
    if (!isProductId(productId) || !isDeviceName(deviceName))
      throw softApError("APP_PARAMETER_INVALID", "ProductId or DeviceName is not valid");
    return { productId, deviceName };
  }
  if (deviceId === undefined)
    throw softApError("APP_PARAMETER_MISSING", "ProductId and DeviceName, or DeviceId, is missing");
  const device = parseDeviceId(deviceId);
  if (device === undefined) throw softApError("APP_PARAMETER_INVALID", "DeviceId is not valid");
  return device;
}
