import { isSoftApError } from "@softap/protocol";
import { Type } from "typebox";
import { parseDeviceId } from "../../rules/device-id.ts";
import type { Product } from "../../rules/products.ts";
import type { Rules } from "../../rules/rules.ts";
import { type Action, userAction } from "./action.ts";

/** What apps ask about devices and their products. */
export function deviceActions({ bindings, connections, products }: Rules): Readonly<Record<string, Action>> {
  return {
    AppGetDeviceStatuses: userAction(
      Type.Object({ DeviceIds: Type.Array(Type.String({ maxLength: 128 }), { maxItems: 100 }) }),
      async ({ DeviceIds }, { account }) => {
        const visible = await bindings.visibleTo(account.accountId, DeviceIds);
        const online = await connections.connected(visible);
        const DeviceStatuses = visible.map((deviceId) => ({
          DeviceId: deviceId,
          ProductId: parseDeviceId(deviceId)?.productId ?? "",
          DeviceName: parseDeviceId(deviceId)?.deviceName ?? "",
          Online: online.has(deviceId) ? 1 : 0,
        }));
        return { DeviceStatuses };
      },
    ),
    AppGetProducts: userAction(
      Type.Object({ ProductIds: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 }) }),
      async ({ ProductIds }) => {
        const found: Product[] = [];
        for (const productId of new Set(ProductIds)) {
          try {
            found.push(await products.get(productId));
          } catch (error) {
            if (!isSoftApError(error, "NOT_FOUND")) throw error;
          }
        }
        return { Products: found.map(productEntry) };
      },
    ),
  };
}

function productEntry({ productId, name, createdAtS, updatedAtS }: Product): object {
  const template = {
    version: "1.0",
    profile: { ProductId: productId },
    properties: [],
    events: [],
    actions: [],
  };
  return {
    ProductId: productId,
    Name: name,
    Description: "",
    DataTemplate: JSON.stringify(template),
    CreateTime: createdAtS,
    UpdateTime: updatedAtS,
  };
}
