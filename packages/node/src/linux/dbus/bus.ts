import { createConnection, type Socket } from "node:net";
import { type CancelSignal, canceled, throwIfCanceled } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { decodeMessage, type DBusMessage, encodeMessage, messageLength, MessageType } from "./message.ts";
import { asText, type DBusValue } from "./value.ts";

/** A method to call. */
export interface DBusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Types of `body`. @defaultValue "" */
  readonly signature?: string;
  readonly body?: readonly DBusValue[];
}

/** Which signals to hear. */
export interface SignalFilter {
  readonly sender?: string;
  readonly path?: string;
  readonly interface: string;
  readonly member: string;
}

/** The other side answered a call with an error. */
export class DBusError extends Error {
  override readonly name = "DBusError";
  /** `org.freedesktop.DBus.Error.AccessDenied`, for example. */
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(`${errorName}: ${message}`);
    this.errorName = errorName;
  }
}

/** Where the system bus listens on Linux. @see D-Bus specification, "Well-known Message Bus Instances" */
const systemBusPath = "/run/dbus/system_bus_socket";

const daemon = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
} as const;

interface Pending {
  resolve(body: readonly DBusValue[]): void;
  reject(error: Error): void;
}

/** A connection to the system bus: the part of D-Bus that a client of NetworkManager needs, and no file descriptors. */
export class SystemBus {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<(message: DBusMessage) => void, SignalFilter>();
  #received: Uint8Array = new Uint8Array();
  #serial = 0;
  #ended: Error | undefined;
  /** Called once when the bus went away without our doing. */
  onClosed: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /**
   * Connects and says hello.
   *
   * @param options.path - Socket of the bus. @defaultValue `/run/dbus/system_bus_socket`
   * @throws {WifiError} `WIFI_SUPPLICANT_GONE` when no bus answers; {CanceledError}
   */
  static async connect(options: { path?: string; signal: CancelSignal }): Promise<SystemBus> {
    throwIfCanceled(options.signal);
    const socket = createConnection({ path: options.path ?? systemBusPath });
    const bus = new SystemBus(socket);
    try {
      await authenticate(socket, options.signal);
      socket.on("data", (bytes: Buffer) => bus.#take(bytes));
      socket.on("error", (error) => bus.#end(error));
      socket.on("close", () => bus.#end(new Error("the bus closed the connection")));
      await bus.call({ ...daemon, member: "Hello" }, options);
    } catch (error) {
      bus.close();
      if (options.signal.aborted) throw canceled(options.signal);
      throw softApError("WIFI_SUPPLICANT_GONE", "The system bus does not answer", { cause: error });
    }
    return bus;
  }

  /**
   * Calls a method and waits for its reply.
   *
   * @returns Body of the reply.
   * @throws {DBusError} when the other side answered with an error; {WifiError} `WIFI_SUPPLICANT_GONE` when the bus went away
   * @throws {CanceledError} when the signal fires; the call was sent and may still be carried out
   */
  call(call: DBusCall, options: { signal: CancelSignal }): Promise<readonly DBusValue[]> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(canceled(signal));
        return;
      }
      if (this.#ended !== undefined) {
        reject(busGone(this.#ended));
        return;
      }
      const serial = ++this.#serial;
      const settle = (): void => {
        this.#pending.delete(serial);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        settle();
        reject(canceled(signal));
      };
      this.#pending.set(serial, {
        resolve: (body) => {
          settle();
          resolve(body);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal.addEventListener("abort", onAbort, { once: true });
      const { destination, path, member, signature = "", body = [] } = call;
      const message = {
        type: MessageType.call,
        serial,
        destination,
        path,
        interface: call.interface,
        member,
      };
      this.#socket.write(encodeMessage({ ...message, signature, body }));
    });
  }

  /**
   * Hears the signals that the filter lets through, in the order in which they and the replies arrive.
   *
   * @returns Stops hearing them.
   */
  async subscribe(
    filter: SignalFilter,
    listener: (body: readonly DBusValue[], path: string) => void,
    options: { signal: CancelSignal },
  ): Promise<() => void> {
    const rule = matchRule(filter);
    const hear = (message: DBusMessage): void => listener(message.body, message.path ?? "");
    this.#listeners.set(hear, filter);
    try {
      await this.call({ ...daemon, member: "AddMatch", signature: "s", body: [rule] }, options);
    } catch (error) {
      this.#listeners.delete(hear);
      throw error;
    }
    return () => {
      if (!this.#listeners.delete(hear) || this.#ended !== undefined) return;
      const message = { type: MessageType.call, serial: ++this.#serial, ...daemon, member: "RemoveMatch" };
      this.#socket.write(encodeMessage({ ...message, signature: "s", body: [rule] }));
    };
  }

  /** Disconnects; calls under way end with `WIFI_SUPPLICANT_GONE`. Idempotent. */
  close(): void {
    this.onClosed = undefined;
    this.#end(new Error("the connection was closed by us"));
  }

  #take(bytes: Uint8Array): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    try {
      for (;;) {
        const length = messageLength(this.#received);
        if (length === undefined || this.#received.length < length) return;
        const message = decodeMessage(this.#received.subarray(0, length));
        this.#received = this.#received.subarray(length);
        this.#dispatch(message);
      }
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error("the bus sent something that is no message"));
    }
  }

  #dispatch(message: DBusMessage): void {
    if (message.type === MessageType.signal) {
      for (const [listener, filter] of this.#listeners) if (isHeard(message, filter)) listener(message);
      return;
    }
    const pending = this.#pending.get(message.replySerial ?? -1);
    if (message.type === MessageType.reply) pending?.resolve(message.body);
    else if (message.type === MessageType.error)
      pending?.reject(new DBusError(message.errorName ?? "", asText(message.body[0])));
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#socket.destroy();
    this.#listeners.clear();
    for (const pending of this.#pending.values()) pending.reject(busGone(error));
    this.onClosed?.();
  }
}

/** SASL EXTERNAL: the kernel tells the bus who we are, we only say that we are it. */
function authenticate(socket: Socket, signal: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let line = "";
    const settle = (error?: Error): void => {
      socket.off("data", onData);
      socket.off("error", settle);
      socket.off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      if (error === undefined) resolve();
      else {
        socket.on("error", () => {});
        reject(error);
      }
    };
    const onClose = (): void => settle(new Error("the bus closed the connection during authentication"));
    const onAbort = (): void => settle(canceled(signal));
    const onData = (bytes: Buffer): void => {
      line += bytes.toString("latin1");
      if (!line.endsWith("\r\n")) return;
      if (!line.startsWith("OK ")) {
        settle(new Error("the bus refused the authentication"));
        return;
      }
      socket.write("BEGIN\r\n");
      settle();
    };
    socket.on("data", onData);
    socket.on("error", settle);
    socket.on("close", onClose);
    signal.addEventListener("abort", onAbort, { once: true });
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
  });
}

function matchRule(filter: SignalFilter): string {
  const parts = [`type='signal'`, `interface='${filter.interface}'`, `member='${filter.member}'`];
  if (filter.sender !== undefined) parts.push(`sender='${filter.sender}'`);
  if (filter.path !== undefined) parts.push(`path='${filter.path}'`);
  return parts.join(",");
}

function isHeard(message: DBusMessage, filter: SignalFilter): boolean {
  // The sender stands as a unique name in the message; the daemon's match rule has checked it.
  return (
    message.interface === filter.interface &&
    message.member === filter.member &&
    (filter.path === undefined || message.path === filter.path)
  );
}

function busGone(cause: Error): Error {
  return softApError("WIFI_SUPPLICANT_GONE", "The system bus went away", { cause });
}
