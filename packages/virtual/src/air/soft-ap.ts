import type { CancelSignal, SeenNetwork, SoftAp, SoftApOptions, StationStatus } from "@softap/ports";
import { passphraseProblem, type Secret, type SoftApError, softApError, ssidProblem } from "@softap/protocol";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualSegment } from "../network/segment.ts";
import type { RadioCore } from "./radio-core.ts";

/** A phone on a soft AP. */
export interface SoftApMember {
  readonly host: VirtualHost | undefined;
  /** Called when the soft AP went away or dropped the phone. */
  onDropped(): void;
}

/** The soft AP of a {@link VirtualRadio}. */
export class VirtualSoftAp implements SoftAp {
  onStationCount: ((count: number) => void) | undefined = undefined;
  /** Where phones and the device reach each other, when the air has a network. */
  readonly segment: VirtualSegment | undefined;
  readonly #core: RadioCore;
  readonly #startMs: number;
  readonly #maxStations: number;
  readonly #station: () => StationStatus;
  readonly #members = new Map<SoftApMember, string>();
  #options: SoftApOptions | undefined;
  #channel = 1;
  #starts = 0;

  /** Made by {@link VirtualRadio}. */
  constructor(
    core: RadioCore,
    options: { startMs: number; maxStations: number; station: () => StationStatus },
  ) {
    this.#core = core;
    this.#startMs = options.startMs;
    this.#maxStations = options.maxStations;
    this.#station = options.station;
    this.segment = core.air.network?.segment(`soft AP of ${core.name}`);
  }

  /** @inheritdoc */
  get isUp(): boolean {
    return this.#options !== undefined;
  }

  /** @inheritdoc */
  get stationCount(): number {
    return this.#members.size;
  }

  /** Its name while it is up. */
  get ssid(): Uint8Array | undefined {
    return this.#options?.ssid;
  }

  /** Channel that it is, or was last, on. */
  get channel(): number {
    return this.#channel;
  }

  /** How a scan sees it. */
  get seen(): SeenNetwork {
    const security = this.#options?.passphrase === undefined ? "open" : "wpa2-psk";
    return {
      ssid: this.#options?.ssid ?? new Uint8Array(),
      bssid: this.#core.mac,
      rssiDbm: -30,
      channel: this.#channel,
      band: "2.4GHz",
      security,
    };
  }

  /** @inheritdoc */
  async start(options: SoftApOptions, call: { signal: CancelSignal }): Promise<void> {
    this.#core.check(call.signal);
    checkOptions(options);
    if (this.#options !== undefined && isSame(this.#options, options)) return;
    this.down();
    const start = (this.#starts += 1);
    await this.#core.spend("soft AP start", this.#startMs, call.signal);
    this.#core.check(call.signal);
    if (start !== this.#starts) throw startFailed("it was stopped meanwhile");
    if (!this.#core.capabilities.softApWhileStation && this.#station().state !== "idle")
      throw startFailed("the radio is joined to a network and cannot do both");
    this.#up(options);
  }

  /** @inheritdoc */
  async stop(options: { signal: CancelSignal }): Promise<void> {
    this.#core.check(options.signal);
    this.down();
  }

  /** Takes the soft AP down; phones drop off. Idempotent. */
  down(): void {
    this.#starts += 1;
    if (this.#options === undefined) return;
    this.dropPhones();
    this.#options = undefined;
    if (this.segment !== undefined) this.#core.host?.detach(this.segment);
    this.#core.air.show(this, false);
    this.#core.record("softApDown");
  }

  /** Drops every phone; the soft AP stays up. */
  dropPhones(): void {
    for (const member of this.#members.keys()) {
      this.release(member);
      member.onDropped();
    }
  }

  /** Follows the station to its channel, as a radio with one tuner must. */
  moveTo(channel: number, dropsPhones: boolean): void {
    if (!this.isUp || this.#channel === channel) return;
    this.#channel = channel;
    if (dropsPhones) this.dropPhones();
  }

  /**
   * Lets a phone in.
   *
   * @returns Its address.
   * @throws {WifiError} `WIFI_AUTH_FAILED`, `WIFI_JOIN_TIMEOUT` when it is full, `WIFI_NOT_FOUND` when it is down
   */
  admit(member: SoftApMember, passphrase: Secret | undefined): string {
    const options = this.#options;
    if (options === undefined) throw softApError("WIFI_NOT_FOUND", "The soft AP is down");
    const isRight =
      options.passphrase === undefined
        ? passphrase === undefined
        : passphrase !== undefined && options.passphrase.equals(passphrase);
    if (!isRight) throw softApError("WIFI_AUTH_FAILED", "The soft AP refused the passphrase");
    if (this.#members.size >= this.#maxStations)
      throw softApError(
        "WIFI_JOIN_TIMEOUT",
        `The soft AP does not answer: it has ${this.#maxStations} phones`,
      );
    const prefix = ownAddress(options).replace(/\.\d+$/, "");
    const taken = new Set([...this.#members.values(), ownAddress(options)]);
    let last = 2;
    while (taken.has(`${prefix}.${last}`)) last += 1;
    const address = `${prefix}.${last}`;
    this.#members.set(member, address);
    if (this.segment !== undefined) member.host?.attach(this.segment, address);
    this.#core.record("phoneJoined");
    this.onStationCount?.(this.#members.size);
    return address;
  }

  /** A phone leaves. Idempotent. */
  release(member: SoftApMember): void {
    if (!this.#members.delete(member)) return;
    if (this.segment !== undefined) member.host?.detach(this.segment);
    this.#core.record("phoneLeft");
    this.onStationCount?.(this.#members.size);
  }

  #up(options: SoftApOptions): void {
    this.#options = { ...options, ssid: options.ssid.slice() };
    const station = this.#station();
    // One tuner: where the station is joined, its router has chosen the channel already.
    if (station.state === "joined") this.#channel = station.lease.channel;
    else this.#channel = options.channel === undefined || options.channel === 0 ? 1 : options.channel;
    if (this.segment !== undefined) this.#core.host?.attach(this.segment, ownAddress(options));
    this.#core.air.show(this, true);
    this.#core.record("softApUp");
  }
}

function ownAddress(options: SoftApOptions): string {
  return options.address ?? "192.168.4.1";
}

function checkOptions(options: SoftApOptions): void {
  const { channel = 0, passphrase } = options;
  // Read to be measured as the radio's driver would; the text goes nowhere.
  const text = passphrase?.reveal();
  const problem = ssidProblem(options.ssid) ?? (text === undefined ? undefined : passphraseProblem(text));
  if (problem !== undefined) throw startFailed("its name or passphrase cannot be used", problem);
  if (text === "") throw startFailed("its passphrase is empty");
  if (!Number.isInteger(channel) || channel < 0 || channel > 13)
    throw startFailed(`its channel is ${channel}, 0 to 13 is allowed`);
}

function startFailed(why: string, cause?: SoftApError): SoftApError {
  return softApError("SOFTAP_START_FAILED", `The soft AP did not start: ${why}`, { cause });
}

function isSame(a: SoftApOptions, b: SoftApOptions): boolean {
  const isSamePassphrase =
    a.passphrase === undefined || b.passphrase === undefined
      ? a.passphrase === b.passphrase
      : a.passphrase.equals(b.passphrase);
  return (
    isSamePassphrase &&
    String(a.ssid) === String(b.ssid) &&
    (a.channel ?? 0) === (b.channel ?? 0) &&
    ownAddress(a) === ownAddress(b)
  );
}
