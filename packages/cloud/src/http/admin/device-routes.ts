import { type DeviceAddress, softApError } from "@softap/protocol";
import { Type } from "typebox";
import type { DeviceGateway } from "../../gateway.ts";
import { deviceIdOf, isDeviceName } from "../../rules/device-id.ts";
import type { Device } from "../../rules/devices.ts";
import type { Rules } from "../../rules/rules.ts";
import type { AdminScope } from "./admin-routes.ts";
import { devicePath, okReply, pageOf, pageQuery, productPath } from "./schemas.ts";

/** Devices of the admin API. */
export function deviceRoutes(scope: AdminScope, parts: { rules: Rules; gateway: DeviceGateway }): void {
  const { rules, gateway } = parts;
  const { bindings, connections, devices } = rules;
  scope.post(
    "/products/:productId/devices",
    {
      schema: {
        params: productPath,
        body: Type.Object(
          {
            deviceName: Type.String({ minLength: 1, maxLength: 48 }),
            certificateFingerprint: Type.Optional(
              Type.String({ pattern: "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$" }),
            ),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { deviceName, certificateFingerprint } = request.body;
      if (!isDeviceName(deviceName))
        throw softApError("APP_PARAMETER_INVALID", "deviceName may have letters, digits and _ - . :");
      const device = await devices.create({
        productId: request.params.productId,
        deviceName,
        ...(certificateFingerprint === undefined
          ? {}
          : { certificateFingerprint: certificateFingerprint.replaceAll(":", "").toLowerCase() }),
      });
      reply.status(201);
      return createdView(device);
    },
  );
  scope.get(
    "/products/:productId/devices",
    { schema: { params: productPath, querystring: pageQuery } },
    async (request) => {
      const { productId } = request.params;
      await rules.products.get(productId);
      const { items, total } = await devices.list(productId, pageOf(request.query));
      const online = await connections.connected(items.map(deviceIdOf));
      return { devices: items.map((item) => deviceView(item, online.has(deviceIdOf(item)))), total };
    },
  );
  scope.get(
    "/products/:productId/devices/:deviceName",
    { schema: { params: devicePath } },
    async (request) => {
      const device = await devices.get(request.params);
      const connection = await connections.find(device);
      const binding = await bindings.find(device);
      return { ...deviceView(device, connection !== undefined), connection, binding };
    },
  );
  scope.post(
    "/products/:productId/devices/:deviceName/reset",
    { schema: { params: devicePath } },
    async (request) => {
      const device = await devices.reset(request.params);
      await gateway.kick(device);
      return createdView(device);
    },
  );
  scope.delete(
    "/products/:productId/devices/:deviceName",
    { schema: { params: devicePath } },
    async (request) => {
      const device: DeviceAddress = request.params;
      await devices.delete(device);
      await gateway.kick(device);
      return okReply;
    },
  );
}

/** The only answers that ever hold the secret. */
function createdView(device: Device): object {
  const secret = device.deviceSecret?.reveal();
  return { ...deviceView(device, false), ...(secret === undefined ? {} : { deviceSecret: secret }) };
}

function deviceView(device: Device, isOnline: boolean): object {
  const { deviceSecret: _secret, ...rest } = device;
  return { deviceId: deviceIdOf(device), ...rest, isOnline };
}
