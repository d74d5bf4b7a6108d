import {
  type CancelSignal,
  type Clock,
  type DatagramSocket,
  type Endpoint,
  neverCanceled,
  type PhoneWifi,
  sleep,
} from "@softap/ports";
import {
  decodeRequest,
  type DeviceStatus,
  encodeErrorReply,
  encodeInfoReply,
  encodeUtf8,
  type ErrorCode,
  type NetworkRequest,
  type Phase,
  ProtocolError,
  Secret,
  type SoftApError,
  softApError,
} from "@softap/protocol";
import type { BindCloud, BindRequest, BindTokenState, ProvisionOptions } from "@softap/phone";
import { MemoryLog, SeededRandom, VirtualClock, VirtualNetwork } from "@softap/virtual";

export const productId = "OSPB5ASRWT";
export const deviceName = "dev_01";
export const rightPassphrase = Secret.of("canary-right-passphrase");
export const wrongPassphrase = Secret.of("canary-wrong-passphrase");

/** A phone and a soft AP segment on which a device may stand; the cloud is a {@link FakeCloud}. */
export class World {
  readonly clock = new VirtualClock();
  readonly log = new MemoryLog(this.clock);
  readonly network: VirtualNetwork;
  readonly softAp;
  readonly phone;
  readonly device;
  readonly cloud: FakeCloud;
  readonly random: SeededRandom;

  constructor(options: { seed?: number; loss?: number } = {}) {
    const { seed = 1, loss = 0 } = options;
    this.random = new SeededRandom(seed);
    this.network = new VirtualNetwork({ clock: this.clock, seed, conditions: { delayMs: 2, loss } });
    this.softAp = this.network.segment("softAp");
    this.phone = this.network.host("phone");
    this.device = this.network.host("device");
    this.phone.attach(this.softAp, "192.168.4.2");
    this.device.attach(this.softAp, "192.168.4.1");
    this.cloud = new FakeCloud(this.clock);
  }

  options(more: Partial<ProvisionOptions> = {}): ProvisionOptions {
    const { clock, random, log } = this;
    return {
      cloud: this.cloud,
      network: { ssid: "Home-WiFi", passphrase: rightPassphrase },
      ports: { clock, random, log, datagrams: this.phone.datagrams },
      ...more,
    };
  }

  /** The phone's Wi-Fi: the phone starts at home, where the cloud is. */
  wifi(joinMs = 500): FakePhoneWifi {
    return new FakePhoneWifi(this, joinMs);
  }
}

/** A cloud that does what a test says. */
export class FakeCloud implements BindCloud {
  state = 1;
  isReachable = true;
  names: Pick<BindTokenState, "productId" | "deviceName"> = {};
  familyIds: string[] = ["family-1"];
  readonly calls: string[] = [];
  readonly binds: BindRequest[] = [];
  /** Thrown by the next call of that name, first in first out. */
  readonly failures: { call: string; error: SoftApError }[] = [];
  latencyMs = 5;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async createBindToken({ signal }: { signal: CancelSignal }): Promise<Secret> {
    await this.#called("createBindToken", signal);
    return Secret.of("canary-token-0123456789abcdef012");
  }

  async getBindTokenState(_token: Secret, { signal }: { signal: CancelSignal }): Promise<BindTokenState> {
    await this.#called("getBindTokenState", signal);
    return this.state === 2 ? { state: 2, ...this.names } : { state: this.state };
  }

  async bindDeviceToFamily(request: BindRequest, { signal }: { signal: CancelSignal }): Promise<void> {
    await this.#called("bindDeviceToFamily", signal);
    this.binds.push(request);
  }

  async families({ signal }: { signal: CancelSignal }): Promise<readonly { familyId: string }[]> {
    await this.#called("families", signal);
    return this.familyIds.map((familyId) => ({ familyId }));
  }

  async createFamily({ name }: { name: string }, { signal }: { signal: CancelSignal }): Promise<string> {
    await this.#called("createFamily", signal);
    const familyId = `family of ${name}`;
    this.familyIds.push(familyId);
    return familyId;
  }

  count(call: string): number {
    return this.calls.filter((name) => name === call).length;
  }

  async #called(call: string, signal: CancelSignal): Promise<void> {
    this.calls.push(call);
    await sleep(this.#clock, { name: call, delayMs: this.latencyMs, signal });
    if (!this.isReachable) throw softApError("UNREACHABLE", "The cloud is out of reach");
    const at = this.failures.findIndex((failure) => failure.call === call);
    const [failure] = at < 0 ? [] : this.failures.splice(at, 1);
    if (failure !== undefined) throw failure.error;
  }
}

/** Wi-Fi of a phone that is offline while it is on the soft AP, unless its system changes to mobile data. */
export class FakePhoneWifi implements PhoneWifi {
  readonly calls: string[] = [];
  joinError: SoftApError | undefined;
  /** Whether the app may know what the phone is on. */
  isNameKnown = true;
  /** Called when the phone is on the soft AP. */
  onJoined = (): void => {};
  readonly #world: World;
  readonly #joinMs: number;
  #ssid: Uint8Array | undefined;

  constructor(world: World, joinMs: number) {
    this.#world = world;
    this.#joinMs = joinMs;
    world.phone.detach(world.softAp);
  }

  async currentSsid(): Promise<Uint8Array | undefined> {
    if (!this.isNameKnown || this.#ssid === undefined) return undefined;
    // Adapters on Node return buffers.
    return Buffer.from(this.#ssid);
  }

  async joinSoftAp(network: { ssid: Uint8Array }, { signal }: { signal: CancelSignal }): Promise<void> {
    this.calls.push("join");
    const { clock, cloud, phone, softAp } = this.#world;
    cloud.isReachable = false;
    await sleep(clock, { name: "join", delayMs: this.#joinMs, signal });
    if (this.joinError !== undefined) throw this.joinError;
    phone.attach(softAp, "192.168.4.2");
    this.#ssid = network.ssid;
    this.onJoined();
  }

  /** Whether the phone is on the soft AP. */
  get isOnSoftAp(): boolean {
    return [...this.#world.phone.segments].includes(this.#world.softAp);
  }

  /** What the phone's system does to a network without internet. */
  changeToMobileData(): void {
    const { cloud, phone, softAp } = this.#world;
    phone.detach(softAp);
    this.#ssid = undefined;
    cloud.isReachable = true;
  }

  async restore({ signal }: { signal: CancelSignal }): Promise<void> {
    this.calls.push("restore");
    const { clock, cloud, phone, softAp } = this.#world;
    phone.detach(softAp);
    this.#ssid = encodeUtf8("Home-WiFi");
    await sleep(clock, { name: "restore", delayMs: this.#joinMs, signal });
    cloud.isReachable = true;
  }
}

/** A device that is told what to do with each request. */
export class ScriptedDevice {
  readonly requests: NetworkRequest[] = [];
  readonly #world: World;
  readonly #onRequest: (request: NetworkRequest, number: number) => void;
  #socket: DatagramSocket | undefined;
  /** Whoever sent last. */
  peer: Endpoint | undefined;

  constructor(world: World, onRequest: (request: NetworkRequest, number: number) => void) {
    this.#world = world;
    this.#onRequest = onRequest;
  }

  async start(): Promise<this> {
    const socket = await this.#world.device.datagrams.open({ port: 8266, signal: neverCanceled });
    this.#socket = socket;
    socket.onDatagram = (datagram, from) => {
      this.peer = from;
      const request = decodeRequest(datagram);
      if (request instanceof ProtocolError || request.type !== "network") throw new Error("not cmdType 1");
      this.requests.push(request);
      this.#onRequest(request, this.requests.length);
    };
    return this;
  }

  send(datagram: Uint8Array): void {
    if (this.peer === undefined) return;
    // A phone that has left the soft AP cannot be reached: that is part of the game.
    this.#socket?.send(datagram, this.peer, { signal: neverCanceled }).catch(() => {});
  }

  info(status?: DeviceStatus): void {
    const info = { productId, deviceName, productRegion: "ap-guangzhou" };
    this.send(encodeInfoReply(status === undefined ? info : { ...info, status }));
  }

  error(code: ErrorCode, details: { isCurrent?: boolean; attempt?: number } = {}): void {
    this.send(encodeErrorReply({ isCurrent: true, code, ...details }));
  }

  stop(): void {
    this.#socket?.close();
  }
}

/** Behaves as ours does on a radio that keeps its soft AP: answers every copy with its status, pushes each phase, tells why it failed. */
export class OurDevice {
  readonly device: ScriptedDevice;
  attempt = 0;
  phase: Phase = "received";
  readonly #world: World;
  readonly #joinMs: number;
  #trace: string | undefined;
  #error: ErrorCode | undefined;

  constructor(world: World, options: { joinMs?: number } = {}) {
    this.#world = world;
    this.#joinMs = options.joinMs ?? 0;
    this.device = new ScriptedDevice(world, (request) => this.#take(request));
  }

  #take(request: NetworkRequest): void {
    if (request.trace !== this.#trace) {
      this.#trace = request.trace;
      this.attempt += 1;
      this.#error = undefined;
      this.phase = "joining";
      const { attempt } = this;
      this.#world.clock.after("device join", this.#joinMs, () => {
        if (attempt === this.attempt) this.#joined(request);
      });
    }
    this.#report();
  }

  #joined(request: NetworkRequest): void {
    if (request.passphrase?.equals(rightPassphrase) !== true) {
      this.phase = "failed";
      this.#error = "WIFI_AUTH_FAILED";
      this.#report();
      return;
    }
    this.phase = "joined";
    this.#report();
    this.#world.clock.after("device report", 10, () => {
      this.#world.cloud.state = 2;
      this.phase = "bound";
      this.#report();
    });
  }

  #report(): void {
    this.device.info({ phase: this.phase, attempt: this.attempt });
    if (this.#error !== undefined) this.device.error(this.#error, { attempt: this.attempt });
  }
}
