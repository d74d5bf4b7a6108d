import { neverCanceled, type DatagramSocket, type Endpoint } from "@softap/ports";
import {
  decodeReply,
  decodeV1Status,
  type DeviceReply,
  encodeNetworkRequest,
  encodeUtf8,
  type ErrorReply,
  type InfoReply,
  ProtocolError,
  Secret,
  type V1Status,
} from "@softap/protocol";
import type { VirtualHost } from "@softap/virtual";

/** What a phone heard, and when. */
export interface Heard {
  readonly atMs: number;
  readonly reply: DeviceReply;
  readonly v1Status: V1Status | undefined;
}

/** A phone that sends what a test tells it, and keeps what it hears. */
export class FakePhone {
  readonly heard: Heard[] = [];
  /** Datagrams that are no reply: log text. */
  readonly texts: string[] = [];
  readonly #socket: DatagramSocket;
  readonly #to: Endpoint;

  private constructor(socket: DatagramSocket, to: Endpoint, nowMs: () => number) {
    this.#socket = socket;
    this.#to = to;
    socket.onDatagram = (datagram) => {
      const reply = decodeReply(datagram);
      if (reply instanceof ProtocolError) this.texts.push(Buffer.from(datagram).toString());
      else this.heard.push({ atMs: nowMs(), reply, v1Status: decodeV1Status(datagram) });
    };
  }

  /** Opens the phone's socket. */
  static async open(host: VirtualHost, nowMs: () => number, to?: Partial<Endpoint>): Promise<FakePhone> {
    const socket = await host.datagrams.open({ port: 0, signal: neverCanceled });
    return new FakePhone(socket, { address: "192.168.4.1", port: 8266, ...to }, nowMs);
  }

  /** Device infos, oldest first. */
  get infos(): readonly InfoReply[] {
    return this.heard.flatMap(({ reply }) => (reply.type === "info" ? [reply] : []));
  }

  /** Errors, oldest first. */
  get errors(): readonly ErrorReply[] {
    return this.heard.flatMap(({ reply }) => (reply.type === "error" ? [reply] : []));
  }

  /** Phases of pushes and answers, without repetitions. */
  get phases(): readonly string[] {
    const all = this.infos.flatMap(({ status }) => (status === undefined ? [] : [status.phase]));
    return all.filter((phase, at) => phase !== all[at - 1]);
  }

  /** Sends text as it is. */
  send(text: string): Promise<void> {
    return this.sendBytes(encodeUtf8(text));
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.#socket.send(bytes, this.#to, { signal: neverCanceled });
  }

  /** Sends `cmdType` 1. */
  sendNetwork(request: {
    ssid?: string;
    passphrase?: string;
    token?: string;
    trace?: string;
    region?: string;
  }): Promise<void> {
    const { ssid = "Home-WiFi", passphrase = "abcd1234", token = "t".repeat(32), trace, region } = request;
    return this.sendBytes(
      encodeNetworkRequest({
        ssid: encodeUtf8(ssid),
        passphrase: passphrase === "" ? undefined : Secret.of(passphrase),
        token: Secret.of(token),
        ...(trace === undefined ? {} : { trace }),
        ...(region === undefined ? {} : { region }),
      }),
    );
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }
}
