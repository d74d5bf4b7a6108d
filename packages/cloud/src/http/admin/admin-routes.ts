import { asSoftApError, errorRegistry, isSoftApError, softApError, type SoftApError } from "@softap/protocol";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { FastifyError, FastifyInstance } from "fastify";
import type { DeviceGateway } from "../../gateway.ts";
import type { Rules } from "../../rules/rules.ts";
import type { RulesContext } from "../../rules/rules-context.ts";
import { deviceRoutes } from "./device-routes.ts";
import { productRoutes } from "./product-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { reasonOf } from "../../reason.ts";

/** A scope of the admin API, with its schemas checked. */
export type AdminScope = ReturnType<typeof typed>;

/** The operator's API under `/api/admin`, behind the admin token. */
export function adminRoutes(parts: { rules: Rules; gateway: DeviceGateway }, context: RulesContext) {
  const { rules, gateway } = parts;
  return async (plain: FastifyInstance): Promise<void> => {
    const scope = typed(plain);
    scope.addHook("onRequest", async (request) => {
      const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
      rules.admin.check(token);
    });
    scope.setErrorHandler((error, _request, reply) => {
      const known = adminError(error);
      const { http, number } = errorRegistry[known.code];
      if (http >= 500)
        context.log.error("admin request failed", {
          reason: reasonOf(error),
        });
      return reply.status(http).send({ error: { code: known.code, number, message: known.message } });
    });
    scope.setNotFoundHandler((_request, reply) => {
      const { code, message } = softApError("NOT_FOUND", "There is no such address in the admin API");
      const { http, number } = errorRegistry[code];
      return reply.status(http).send({ error: { code, number, message } });
    });
    await scope.register(async (inner) => {
      const routes = typed(inner);
      productRoutes(routes, rules.products);
      deviceRoutes(routes, { rules, gateway });
      userRoutes(routes, rules.accounts);
      sessionRoutes(routes, { rules, gateway });
    });
  };
}

function typed(scope: FastifyInstance) {
  scope.setValidatorCompiler(TypeBoxValidatorCompiler);
  return scope.withTypeProvider<TypeBoxTypeProvider>();
}

/** Fastify's own refusals of a request are the caller's mistakes; the rest is ours. */
function adminError(error: unknown): SoftApError {
  if (isSoftApError(error)) return error;
  if (isFastifyError(error)) {
    if (error.validation !== undefined)
      return softApError("APP_PARAMETER_INVALID", `The request is not valid: ${error.message}`);
    if (error.code === "FST_ERR_CTP_INVALID_JSON_BODY" || error.code === "FST_ERR_CTP_EMPTY_JSON_BODY")
      return softApError("APP_JSON_INVALID", "The body is not JSON");
    if (error.statusCode !== undefined && error.statusCode < 500)
      return softApError("APP_PARAMETER_INVALID", `The request is not valid: ${error.message}`);
  }
  return asSoftApError(error);
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "code" in error && "statusCode" in error;
}
