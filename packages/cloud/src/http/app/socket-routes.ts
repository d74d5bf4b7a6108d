import fastifyWebsocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AppSockets, TextSocket } from "./app-sockets.ts";

/** Longest frame of an app, bytes. */
const maxFrameBytes = 65_536;

/** The web socket by the members that are used. */
interface WebSocket extends TextSocket {
  on(event: "message", listener: (data: { toString(): string }) => void): void;
  on(event: "close" | "error", listener: () => void): void;
}

/** `/ws/explorer`, with or without the name of an app behind it. */
export function socketRoutes(sockets: AppSockets) {
  return async (scope: FastifyInstance): Promise<void> => {
    await scope.register(fastifyWebsocket, {
      options: { maxPayload: maxFrameBytes },
      preClose: (done: () => void) => {
        sockets.close();
        done();
      },
    });
    const serve = (socket: WebSocket, request: FastifyRequest): void => {
      const handlers = sockets.open(socket, request.ip);
      if (handlers === undefined) return;
      socket.on("message", (data) => handlers.onText(data.toString()));
      socket.on("close", handlers.onClosed);
      socket.on("error", handlers.onClosed);
    };
    scope.get("/ws/explorer", { websocket: true }, serve);
    scope.get("/ws/explorer/:app", { websocket: true }, serve);
  };
}
