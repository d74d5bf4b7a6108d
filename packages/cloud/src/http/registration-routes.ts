import { randomUUID } from "node:crypto";
import {
  asSoftApError,
  decodeRegistration1,
  decodeRegistration2,
  encodeRegistrationReply1,
  encodeRegistrationReply2,
  encryptRegistrationPayload,
  errorRegistry,
  type ErrorCode,
  type ErrorEntry,
  isRegistration1Signed,
  isRegistration2Signed,
  isSoftApError,
  ProtocolError,
  registrationPath1,
  registrationPath2,
  softApError,
  type Secret,
} from "@softap/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Registration } from "../rules/registration.ts";
import type { RulesContext } from "../rules/rules-context.ts";
import { acceptAnyBody, bodyBytes } from "./body.ts";
import { reasonOf } from "../reason.ts";

/** Both forms of dynamic registration. */
export function registrationRoutes(registration: Registration, context: RulesContext) {
  const encrypted = (found: { deviceSecret: Secret; productSecret: Secret }) =>
    encryptRegistrationPayload(context.crypto, {
      credentials: { kind: "psk", deviceSecret: found.deviceSecret },
      productSecret: found.productSecret,
    });

  return async (scope: FastifyInstance): Promise<void> => {
    acceptAnyBody(scope);
    scope.setErrorHandler((error, request, reply) => {
      const isCallers = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
      const { code, message } = refusal(
        isCallers ? softApError("REGISTRATION_INVALID", error.message) : error,
        context,
      );
      const requestId = randomUUID();
      const isForm1 = request.url.startsWith(registrationPath1);
      return reply
        .status(200)
        .type("application/json")
        .send(
          bytes(
            isForm1
              ? encodeRegistrationReply1({ code, message, requestId })
              : encodeRegistrationReply2({ code: String(code), message, requestId }),
          ),
        );
    });

    scope.post(registrationPath1, async (request, reply) => {
      const requestId = randomUUID();
      reply.type("application/json");
      try {
        const decoded = accepted(decodeRegistration1(bodyBytes(request.body)));
        const found = await registration.register({
          device: decoded,
          address: request.ip,
          isSigned: (productSecret) => isRegistration1Signed(context.crypto, decoded, productSecret),
        });
        return bytes(encodeRegistrationReply1({ ...encrypted(found), requestId }));
      } catch (error) {
        const { code, message } = refusal(error, context);
        return bytes(encodeRegistrationReply1({ code, message, requestId }));
      }
    });

    scope.post(registrationPath2, async (request, reply) => {
      const requestId = randomUUID();
      reply.type("application/json");
      try {
        const body = bodyBytes(request.body);
        const device = accepted(decodeRegistration2(body));
        const signed = {
          host: request.hostname,
          algorithm: header(request, "x-tc-algorithm"),
          timestamp: header(request, "x-tc-timestamp"),
          nonce: header(request, "x-tc-nonce"),
          signature: header(request, "x-tc-signature"),
        };
        const found = await registration.register({
          device,
          address: request.ip,
          isSigned: (productSecret) =>
            isRegistration2Signed(context.crypto, { ...signed, body, productSecret }),
        });
        return bytes(encodeRegistrationReply2({ ...encrypted(found), requestId }));
      } catch (error) {
        const { code, message } = refusal(error, context);
        return bytes(encodeRegistrationReply2({ code: String(code), message, requestId }));
      }
    });
  };
}

function accepted<T>(decoded: T | ProtocolError): T {
  if (decoded instanceof ProtocolError)
    throw softApError("REGISTRATION_INVALID", "The request is not a registration", { cause: decoded });
  return decoded;
}

/** Number and short text of a refusal: the vendor's C SDK has 255 bytes for the whole reply. */
function refusal(error: unknown, context: RulesContext): { code: number; message: string } {
  const known = asSoftApError(error);
  const number = registrationNumber(known.code);
  if (number === undefined || !isSoftApError(error)) {
    context.log.error("registration failed", {
      reason: reasonOf(error),
    });
    return { code: errorRegistry.CLOUD_INTERNAL.registration, message: "CLOUD_INTERNAL" };
  }
  return { code: number, message: known.code };
}

/** The rate limit has no number of its own in the vendor's table; "too many registrations" is what it means. */
function registrationNumber(code: ErrorCode): number | undefined {
  if (code === "RATE_LIMITED") return errorRegistry.REGISTRATION_TOO_MANY.registration;
  const entry: ErrorEntry = errorRegistry[code];
  return entry.registration;
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

function bytes(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
