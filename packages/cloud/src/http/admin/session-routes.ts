import { softApError } from "@softap/protocol";
import type { DeviceGateway } from "../../gateway.ts";
import type { Rules } from "../../rules/rules.ts";
import type { AdminScope } from "./admin-routes.ts";
import { devicePath, okReply, pageOf, pageQuery } from "./schemas.ts";

/** MQTT sessions of the admin API: who is connected, and whom to disconnect. */
export function sessionRoutes(scope: AdminScope, parts: { rules: Rules; gateway: DeviceGateway }): void {
  scope.get("/sessions", { schema: { querystring: pageQuery } }, async (request) => {
    const { items, total } = await parts.rules.connections.list(pageOf(request.query));
    return { sessions: items, total };
  });
  scope.delete("/sessions/:productId/:deviceName", { schema: { params: devicePath } }, async (request) => {
    if (!(await parts.gateway.kick(request.params)))
      throw softApError("NOT_FOUND", "The device is not connected");
    return okReply;
  });
}
