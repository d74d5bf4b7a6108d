import type { FastifyInstance } from "fastify";

/** What readiness depends on. */
export interface Readiness {
  /** Writes something to the database. */
  write(): Promise<void>;
  /** Whether devices can connect. */
  isListening(): boolean;
}

/** `/healthz`: the process lives. `/readyz`: the database takes writes and devices can connect. */
export function healthRoutes(readiness: Readiness) {
  return async (scope: FastifyInstance): Promise<void> => {
    scope.get("/healthz", async () => ({ status: "ok" }));
    scope.get("/readyz", async (_request, reply) => {
      const isWritable = await readiness.write().then(
        () => true,
        () => false,
      );
      const isListening = readiness.isListening();
      const isReady = isWritable && isListening;
      reply.status(isReady ? 200 : 503);
      return { status: isReady ? "ready" : "not ready", database: isWritable, mqtt: isListening };
    });
  };
}
