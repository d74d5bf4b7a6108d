import { join } from "node:path";
import { createServer, type Server, type Socket } from "node:net";
import {
  decodeMessage,
  type DBusMessage,
  encodeMessage,
  messageLength,
  MessageType,
} from "../src/linux/dbus/message.ts";

/** A message bus that answers what the test says. */
export class FakeBus {
  readonly path: string;
  readonly calls: DBusMessage[] = [];
  readonly #server: Server;
  #socket: Socket | undefined;
  accepts = true;
  answer: (call: DBusMessage) => Partial<DBusMessage> | undefined = () => ({});

  constructor(folder: string) {
    this.path = join(folder, "bus");
    this.#server = createServer((socket) => this.#serve(socket)).listen(this.path);
  }

  send(message: DBusMessage): void {
    this.#socket?.write(encodeMessage(message));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  hangUp(): void {
    this.#socket?.destroy();
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.#socket = socket;
    let received = Buffer.alloc(0);
    let isAuthenticated = false;
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (!isAuthenticated) {
        const text = received.toString("latin1");
        if (text.startsWith("\0AUTH EXTERNAL ") && text.endsWith("\r\n") && !text.includes("BEGIN")) {
          socket.write(this.accepts ? "OK 1234\r\n" : "REJECTED EXTERNAL\r\n");
        }
        const begin = received.indexOf("BEGIN\r\n");
        if (begin < 0) return;
        isAuthenticated = true;
        received = received.subarray(begin + 7);
      }
      for (;;) {
        const length = messageLength(received);
        if (length === undefined || received.length < length) return;
        this.#take(decodeMessage(received.subarray(0, length)));
        received = received.subarray(length);
      }
    });
  }

  #take(call: DBusMessage): void {
    this.calls.push(call);
    const answer = call.interface === "org.freedesktop.DBus" ? {} : this.answer(call);
    if (answer === undefined) return;
    this.send({
      type: MessageType.reply,
      serial: 1,
      replySerial: call.serial,
      signature: "",
      body: [],
      ...answer,
    });
  }
}
