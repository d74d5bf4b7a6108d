import { errorRegistry, softApError } from "@softap/protocol";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { DeviceGateway } from "../gateway.ts";
import { translateListenError } from "../listen-errors.ts";
import type { Notifier } from "../notifier.ts";
import type { Rules } from "../rules/rules.ts";
import type { RulesContext } from "../rules/rules-context.ts";
import { adminRoutes } from "./admin/admin-routes.ts";
import { AppApi } from "./app/app-api.ts";
import { AppSockets } from "./app/app-sockets.ts";
import { appRoutes } from "./app/app-routes.ts";
import { socketRoutes } from "./app/socket-routes.ts";
import { healthRoutes, type Readiness } from "./health-routes.ts";
import { registrationRoutes } from "./registration-routes.ts";
import { reasonOf } from "../reason.ts";

/** Everything that is reached over HTTP. */
export async function createHttpServer(
  parts: { rules: Rules; gateway: DeviceGateway; notifier: Notifier; readiness: Readiness },
  context: RulesContext,
): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    bodyLimit: context.limits.maxBodyBytes,
    forceCloseConnections: true,
    requestTimeout: context.limits.connectTimeoutMs,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (_error, _request, reply) => {
      refuseAddress(reply);
    },
  });
  // Fastify would repeat the whole address, with the tokens that a mistaken app put into its query.
  server.setNotFoundHandler((_request, reply) => refuseAddress(reply));
  await server.register(healthRoutes(parts.readiness));
  await server.register(registrationRoutes(parts.rules.registration, context));
  const api = new AppApi(parts.rules, context);
  await server.register(appRoutes(api, context));
  const sockets = new AppSockets({ api, bindings: parts.rules.bindings }, context);
  parts.notifier.onStatus = (change) => {
    sockets.statusChanged(change).catch((error: unknown) => {
      context.log.error("status could not be told to apps", { reason: reasonOf(error) });
    });
  };
  parts.notifier.onData = (change) => {
    sockets.dataChanged(change).catch((error: unknown) => {
      context.log.error("data could not be told to apps", { reason: reasonOf(error) });
    });
  };
  await server.register(socketRoutes(sockets));
  await server.register(adminRoutes(parts, context), { prefix: "/api/admin" });
  await server.ready();
  return server;
}

function refuseAddress(reply: FastifyReply): FastifyReply {
  const { code, message } = softApError("NOT_FOUND", "There is no such address");
  const { http, number } = errorRegistry[code];
  return reply.status(http).send({ error: { code, number, message } });
}

/** Opens the HTTP port. @returns It. @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED` */
export async function listenHttp(
  server: FastifyInstance,
  at: { host: string; port: number },
): Promise<number> {
  try {
    await server.listen(at);
  } catch (error) {
    throw translateListenError(error, { purpose: "HTTP", ...at });
  }
  const address = server.server.address();
  return typeof address === "object" && address !== null ? address.port : at.port;
}
