import { type DatagramSocket, neverCanceled } from "@softap/ports";
import {
  decodeReply,
  type DeviceReply,
  encodeNetworkRequest,
  encodeUtf8,
  ProtocolError,
  type Secret,
} from "@softap/protocol";
import type { StoryDevice } from "./story-device.ts";
import type { Phone, World } from "./world.ts";

const device = { address: "192.168.4.1", port: 8266 };

/** Somebody on the soft AP who sends single datagrams, as existing phones and strangers do. */
export class RawPhone {
  readonly replies: DeviceReply[] = [];
  readonly #socket: DatagramSocket;

  private constructor(socket: DatagramSocket) {
    this.#socket = socket;
    socket.onDatagram = (datagram) => {
      const reply = decodeReply(datagram);
      if (!(reply instanceof ProtocolError)) this.replies.push(reply);
    };
  }

  /** Joins the soft AP and opens a socket. */
  static async join(world: World, phone: Phone, lamp: StoryDevice = world.lamp): Promise<RawPhone> {
    const network = { ssid: encodeUtf8(lamp.softApSsid), passphrase: undefined };
    await world.clock.complete(phone.wifi.joinSoftAp(network, { signal: neverCanceled }), 10_000);
    return new RawPhone(await phone.host.datagrams.open({ port: 0, signal: neverCanceled }));
  }

  /** Errors of this session that it was told. */
  get errors(): readonly string[] {
    return this.replies.flatMap((reply) => (reply.type === "error" && reply.isCurrent ? [reply.code] : []));
  }

  send(datagram: string | Uint8Array): Promise<void> {
    const bytes = typeof datagram === "string" ? encodeUtf8(datagram) : datagram;
    return this.#socket.send(bytes, device, { signal: neverCanceled });
  }

  /** `cmdType` 1, as the vendor's apps send it where there is no trace. */
  sendNetwork(request: {
    ssid?: string;
    passphrase: Secret | undefined;
    token: Secret;
    trace?: string;
  }): Promise<void> {
    const { ssid = "Home-WiFi", ...rest } = request;
    return this.send(encodeNetworkRequest({ ssid: encodeUtf8(ssid), ...rest }));
  }

  close(): void {
    this.#socket.close();
  }
}
