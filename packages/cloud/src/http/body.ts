import type { FastifyInstance } from "fastify";

/** Makes a scope take every body as bytes, whatever its content type says: devices and apps of the field label JSON as they like. */
export function acceptAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

/** The bytes of a request in a scope of {@link acceptAnyBody}; none when it has no body. */
export function bodyBytes(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}
