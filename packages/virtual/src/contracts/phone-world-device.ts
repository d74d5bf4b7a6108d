import { type DatagramSocket, type DatagramSockets, type Endpoint, neverCanceled } from "@softap/ports";
import { decodeRequest, encodeInfoReply, type Phase, ProtocolError, type Secret } from "@softap/protocol";
import { type ContractCloud, contractDevice } from "./phone-world-cloud.ts";

/** Where the device of the phone suite stands: on its soft AP, with a socket of its own. */
export interface DevicePlace {
  readonly sockets: DatagramSockets;
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** How far the device goes by itself: to the end, until told to go on, or it says nothing at all. */
export type DeviceManner = "finishes" | "waits" | "silent";

/** The device of the phone suite. It joins its network without leaving the phone, and takes no time for it. */
export class ContractDevice {
  manner: DeviceManner = "finishes";
  /** Everything that arrived. */
  readonly heard: Uint8Array[] = [];
  readonly #cloud: ContractCloud;
  readonly #socket: DatagramSocket;
  readonly #traces: (string | undefined)[] = [];
  readonly #tokens: Secret[] = [];

  private constructor(cloud: ContractCloud, socket: DatagramSocket) {
    this.#cloud = cloud;
    this.#socket = socket;
    socket.onDatagram = (datagram, from) => this.#take(datagram, from);
  }

  /** Opens its socket. */
  static async open(cloud: ContractCloud, { sockets, address, port }: DevicePlace): Promise<ContractDevice> {
    return new ContractDevice(cloud, await sockets.open({ port, address, signal: neverCanceled }));
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#socket.localPort;
  }

  /** Whether it has credentials. */
  get isProvisioned(): boolean {
    return this.#tokens.length > 0;
  }

  /** Lets a device that waits come online, behind the phone's back. */
  finish(): void {
    for (const token of this.#tokens) this.#cloud.report(token);
  }

  /** Idempotent. */
  close(): void {
    this.#socket.close();
  }

  #take(datagram: Uint8Array, from: Endpoint): void {
    this.heard.push(datagram);
    const request = decodeRequest(datagram);
    if (request instanceof ProtocolError || request.type !== "network") {
      // Whatever else arrives comes back as it is, so that a test can see both directions.
      this.#send(datagram, from);
      return;
    }
    if (this.manner === "silent") return;
    if (!this.#traces.includes(request.trace)) {
      this.#traces.push(request.trace);
      this.#tokens.push(request.token);
    }
    const attempt = this.#traces.indexOf(request.trace) + 1;
    const phases: readonly Phase[] = this.manner === "finishes" ? ["joining", "bound"] : ["joining"];
    if (this.manner === "finishes") this.#cloud.report(request.token);
    for (const phase of phases)
      this.#send(encodeInfoReply({ ...contractDevice, productRegion: "", status: { phase, attempt } }), from);
  }

  #send(datagram: Uint8Array, to: Endpoint): void {
    // A phone that has left cannot be reached; that is for the phone to bear.
    this.#socket.send(datagram, to, { signal: neverCanceled }).catch(() => {});
  }
}
