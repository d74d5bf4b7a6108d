import { type DatagramSocket, neverCanceled } from "@softap/ports";
import { isSoftApError } from "@softap/protocol";
import type { NativeUdp, NativeUdpSocket } from "@softap/react-native";
import type { VirtualHost } from "@softap/virtual";
import type { VirtualHandset } from "./virtual-handset.ts";

type Listener = (...values: never[]) => void;

/** `react-native-udp` as it behaves: everything is asynchronous, errors are texts or plain objects, 0 stays port 0. */
export class VirtualUdp implements NativeUdp {
  readonly open = new Set<VirtualUdpSocket>();
  readonly #handset: VirtualHandset;

  constructor(handset: VirtualHandset) {
    this.#handset = handset;
  }

  createSocket(): NativeUdpSocket {
    const socket = new VirtualUdpSocket(this.#handset, () => this.open.delete(socket));
    this.open.add(socket);
    return socket;
  }
}

class VirtualUdpSocket implements NativeUdpSocket {
  readonly #handset: VirtualHandset;
  readonly #onClose: () => void;
  readonly #listeners = new Map<string, Listener[]>();
  /** One at each of the phone's ways out, on the same port. */
  readonly #sockets = new Map<VirtualHost, DatagramSocket>();
  #tie: number | undefined;
  #isClosed = false;

  constructor(handset: VirtualHandset, onClose: () => void) {
    this.#handset = handset;
    this.#onClose = onClose;
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  bind(port: number, address: string): void {
    this.#tie = this.#handset.tie;
    this.#bind(port, address).then(
      () => this.#emit("listening"),
      (error: unknown) => this.#fail(nativeText(error)),
    );
  }

  send(
    datagram: Uint8Array,
    offset: number,
    length: number,
    port: number,
    address: string,
    report: (error?: unknown) => void,
  ): void {
    const bytes = datagram.slice(offset, length);
    const way = this.#handset.wayOut(this.#tie);
    const socket = way && this.#sockets.get(way);
    if (this.#isClosed) report({ message: "no client found with id 0" });
    else if (socket === undefined)
      Promise.resolve()
        .then(() => report({ message: "sendto failed: ENETUNREACH (Network is unreachable)" }))
        .catch(() => {});
    else
      socket.send(bytes, { address, port }, { signal: neverCanceled }).then(
        () => report(),
        (error: unknown) => report({ message: nativeText(error) }),
      );
  }

  close(callback: () => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listeners.delete("message");
    this.#handset.clock.after("native close", 1, () => {
      for (const socket of this.#sockets.values()) socket.close();
      this.#onClose();
      callback();
    });
  }

  async #bind(port: number, address: string): Promise<void> {
    const { wifiHost, mobileHost } = this.#handset;
    for (const host of [wifiHost, mobileHost]) {
      // An address is one of Wi-Fi's: only there it is known whether the phone has it.
      if (host === mobileHost && address !== "0.0.0.0") continue;
      const socket = await host.datagrams.open({ port, address, signal: neverCanceled });
      if (this.#isClosed) socket.close();
      this.#sockets.set(host, socket);
      socket.onDatagram = (datagram, from) => {
        // Buffers are views of something larger.
        if (this.#handset.wayOut(this.#tie) === host)
          this.#emit("message", Buffer.from(datagram) as never, from as never);
      };
    }
  }

  #fail(text: string): void {
    if (!this.#listeners.has("error")) throw new Error(`Unhandled error event: ${text}`);
    this.#emit("error", text as never);
  }

  #emit(event: string, ...values: never[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values);
  }
}

function nativeText(error: unknown): string {
  if (isSoftApError(error, "ADDRESS_IN_USE")) return "bind failed: EADDRINUSE (Address already in use)";
  if (isSoftApError(error, "ADDRESS_UNAVAILABLE")) return "Cannot assign requested address";
  return "something else";
}
