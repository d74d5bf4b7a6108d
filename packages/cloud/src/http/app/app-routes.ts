import { randomUUID } from "node:crypto";
import { decodeUtf8, formatAppFailure, formatAppReply, isFields, softApError } from "@softap/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RulesContext } from "../../rules/rules-context.ts";
import { acceptAnyBody, bodyBytes } from "../body.ts";
import type { Parameters } from "./action.ts";
import { type AppApi, publicError } from "./app-api.ts";

/** Names of the vendor's paths that stand before an action, and are none themselves. */
const doors = new Set(["appapi", "tokenapi", "appsecureapi"]);

/** The app API at the vendor's paths; the action decides, wherever its name stands: body, path or query. */
export function appRoutes(api: AppApi, context: RulesContext) {
  return async (scope: FastifyInstance): Promise<void> => {
    acceptAnyBody(scope);
    // What Fastify refuses by itself, such as a body that is too long, speaks the vendor's language too.
    scope.setErrorHandler((error, _request, reply) => {
      const isCallers = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
      const refusal = isCallers ? softApError("APP_PARAMETER_INVALID", error.message) : error;
      const { code, message } = publicError(refusal, context);
      return reply.status(200).send(formatAppFailure(code, message, randomUUID()));
    });

    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
      reply.type("application/json; charset=utf-8");
      let requestId: string | undefined;
      try {
        const parameters = parseBody(bodyBytes(request.body));
        requestId = requestIdOf(parameters);
        requestId ??= randomUUID();
        const action = actionOf(request);
        return formatAppReply(await api.run({ action, parameters, address: request.ip }), requestId);
      } catch (error) {
        const { code, message } = publicError(error, context);
        return formatAppFailure(code, message, requestId ?? randomUUID());
      }
    };
    for (const base of ["/api/exploreropen", "/api/studioapp"]) {
      scope.post(`${base}/:first`, answer);
      scope.post(`${base}/:first/:second`, answer);
    }
  };
}

function parseBody(bytes: Uint8Array): Parameters {
  const text = decodeUtf8(bytes);
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isFields(value)) throw softApError("APP_JSON_INVALID", "The body is not a JSON object");
  return Object.fromEntries(Object.entries(value));
}

function requestIdOf(parameters: Parameters): string | undefined {
  const requestId = parameters["RequestId"];
  if (typeof requestId === "number") return String(requestId);
  return typeof requestId === "string" && requestId !== "" ? requestId.slice(0, 128) : undefined;
}

function actionOf(request: FastifyRequest): string {
  // The route has these two parameters and no other.
  const { first = "", second } = request.params as { first?: string; second?: string };
  const named = doors.has(first) ? second : first;
  if (named !== undefined && named !== "") return named;
  // Fastify's query is an object of texts, or of lists of them when a name is repeated.
  const { cmd } = request.query as { cmd?: unknown };
  return typeof cmd === "string" ? cmd : "";
}
