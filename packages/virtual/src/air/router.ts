import type { Band, NetworkSecurity, SeenNetwork } from "@softap/ports";
import { encodeUtf8, type Secret, softApError, ssidProblem } from "@softap/protocol";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualNetwork } from "../network/network.ts";
import type { VirtualSegment } from "../network/segment.ts";

/** What a router is like. */
export interface RouterOptions {
  /** 1–32 bytes; a text is taken as UTF-8. */
  readonly ssid: string | Uint8Array;
  /** Left out: an open network. A key of 64 hex digits only fits a router that was given the same digits. */
  readonly passphrase?: Secret | undefined;
  /** @defaultValue "wpa2-psk" with a passphrase, else "open" */
  readonly security?: NetworkSecurity;
  /** @defaultValue "2.4GHz" */
  readonly band?: Band;
  /** @defaultValue 6 */
  readonly channel?: number;
  /** Signal at every radio of the air, dBm. @defaultValue −50 */
  readonly rssiDbm?: number;
  /** From the first word to the end of the handshake, milliseconds. @defaultValue 0 */
  readonly joinMs?: number;
  /** Whether stations get an address. @defaultValue "answers" */
  readonly dhcp?: "answers" | "silent";
  /** How long DHCP takes, milliseconds. @defaultValue 0 */
  readonly dhcpMs?: number;
  /** Does not tell its name. @defaultValue false */
  readonly isHidden?: boolean;
  /** Sends every station away, as a list of allowed addresses does. @defaultValue false */
  readonly isRefusing?: boolean;
  /** The DHCP server has 155 addresses; who comes later is refused in any case. @defaultValue 128 */
  readonly maxClients?: number;
  /** @defaultValue true */
  readonly hasInternet?: boolean;
  /** First three numbers of its addresses. @defaultValue "192.168.1" */
  readonly lan?: string;
}

/** Last number of the first address that DHCP gives, and how many there are. */
const firstAddress = 100;
const addressCount = 155;

/** Someone who joins a router. */
export interface RouterClient {
  readonly host: VirtualHost | undefined;
  /** Called when the router went away. */
  onGone(): void;
}

/** An access point with a DHCP server and, perhaps, a way to the internet. Its properties may be changed at any time. */
export class VirtualRouter {
  readonly ssid: Uint8Array;
  readonly bssid: string;
  readonly band: Band;
  readonly channel: number;
  readonly security: NetworkSecurity;
  /** The LAN, when the air has a network. */
  readonly segment: VirtualSegment | undefined;
  /** What counts for the next join; those who are joined stay. */
  passphrase: Secret | undefined;
  rssiDbm: number;
  joinMs: number;
  dhcp: "answers" | "silent";
  dhcpMs: number;
  isHidden: boolean;
  isRefusing: boolean;
  maxClients: number;
  readonly #network: VirtualNetwork | undefined;
  readonly #lan: string;
  readonly #clients = new Map<RouterClient, string>();
  readonly #onChange: () => void;
  #hasInternet: boolean;
  #isUp = true;

  /** Use {@link VirtualAir.addRouter}. @throws {ProtocolError} `SSID_LENGTH`; {UsageError} `USAGE` for a passphrase that does not go with the security */
  constructor(
    options: RouterOptions,
    place: { bssid: string; network: VirtualNetwork | undefined; onChange: () => void },
  ) {
    this.ssid = ssidBytes(options.ssid);
    this.passphrase = options.passphrase;
    this.security = options.security ?? (options.passphrase === undefined ? "open" : "wpa2-psk");
    if (needsPassphrase(this.security) !== (options.passphrase !== undefined))
      throw softApError(
        "USAGE",
        `A router with the security ${this.security} ${passphraseRule(this.security)}`,
      );
    this.bssid = place.bssid;
    this.band = options.band ?? "2.4GHz";
    this.channel = options.channel ?? 6;
    this.rssiDbm = options.rssiDbm ?? -50;
    this.joinMs = options.joinMs ?? 0;
    this.dhcp = options.dhcp ?? "answers";
    this.dhcpMs = options.dhcpMs ?? 0;
    this.isHidden = options.isHidden ?? false;
    this.isRefusing = options.isRefusing ?? false;
    this.maxClients = options.maxClients ?? 128;
    this.#hasInternet = options.hasInternet ?? true;
    this.#lan = options.lan ?? "192.168.1";
    this.#network = place.network;
    this.#onChange = place.onChange;
    this.segment = place.network?.segment(`LAN of ${place.bssid}`);
  }

  /** Whether it is switched on. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** How many are joined. */
  get clientCount(): number {
    return this.#clients.size;
  }

  /** Whether whoever is joined is online. */
  get hasInternet(): boolean {
    return this.#hasInternet;
  }

  /** Connects the router to the internet, or cuts it off; those who are joined stay joined. */
  setInternet(hasInternet: boolean): void {
    this.#hasInternet = hasInternet;
    for (const { host } of this.#clients.keys()) this.#connect(host);
    this.#onChange();
  }

  /** Everybody who is joined loses it. Idempotent. */
  switchOff(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    for (const client of this.#clients.keys()) {
      this.release(client);
      client.onGone();
    }
    this.#onChange();
  }

  /** Idempotent. */
  switchOn(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.#onChange();
  }

  /** Whether one more may join. */
  get admits(): boolean {
    return !this.isRefusing && this.#clients.size < Math.min(this.maxClients, addressCount);
  }

  /** How a scan sees it. */
  get seen(): SeenNetwork {
    const { bssid, rssiDbm, channel, band, security } = this;
    return { ssid: this.isHidden ? new Uint8Array() : this.ssid, bssid, rssiDbm, channel, band, security };
  }

  /** Lets a client in whose passphrase was right. @returns Its address. */
  admit(client: RouterClient): string {
    const taken = new Set(this.#clients.values());
    let last = firstAddress;
    while (taken.has(`${this.#lan}.${last}`) || this.segment?.hostAt(`${this.#lan}.${last}`) !== undefined)
      last += 1;
    const address = `${this.#lan}.${last}`;
    this.#clients.set(client, address);
    if (this.segment !== undefined) client.host?.attach(this.segment, address);
    this.#connect(client.host);
    return address;
  }

  /** A client leaves. Idempotent. */
  release(client: RouterClient): void {
    if (!this.#clients.delete(client)) return;
    if (this.segment !== undefined) client.host?.detach(this.segment);
    if (this.#network !== undefined) client.host?.detach(this.#network.internet);
  }

  #connect(host: VirtualHost | undefined): void {
    if (this.#network === undefined || host === undefined) return;
    if (this.#hasInternet) this.#network.bringOnline(host);
    else host.detach(this.#network.internet);
  }
}

/** Bytes of a network name. @throws {ProtocolError} `SSID_LENGTH` */
function ssidBytes(ssid: string | Uint8Array): Uint8Array {
  const bytes = typeof ssid === "string" ? encodeUtf8(ssid) : ssid.slice();
  const problem = ssidProblem(bytes);
  if (problem !== undefined) throw problem;
  return bytes;
}

/** Whether a network with this security is joined with a passphrase. */
export function needsPassphrase(security: NetworkSecurity): boolean {
  return security === "wpa2-psk" || security === "wpa2-wpa3" || security === "wpa3-sae" || security === "wep";
}

function passphraseRule(security: NetworkSecurity): string {
  return needsPassphrase(security) ? "needs a passphrase" : "has no passphrase";
}
