import { type Prepared, prepare } from "@softap/phone";
import type { PhoneWifi } from "@softap/ports";
import type { Secret } from "@softap/protocol";
import { appLimits } from "../limits.ts";
import type { AddDeviceScreen } from "./add-device-screen.ts";
import type { SoftApChoice } from "./device-choice.ts";

/** Gets what is needed while the phone is online, and keeps it, so that a second try works also where it is offline. */
export class Preparation {
  readonly #screen: AddDeviceScreen;
  readonly #wifi: PhoneWifi;
  #kept: { readonly token: Secret; readonly familyId: string; readonly atMs: number } | undefined;

  constructor(screen: AddDeviceScreen, wifi: PhoneWifi) {
    this.#screen = screen;
    this.#wifi = wifi;
  }

  /** @throws what `prepare` throws; nothing is asked of the cloud while a token is kept */
  async get({ ssid, passphrase }: SoftApChoice): Promise<Prepared> {
    const { services, leaving } = this.#screen;
    const { cloud, config, ports } = services;
    const { clock } = ports;
    const kept = this.#usable(clock.monotonicMs());
    const prepared = await prepare({
      cloud,
      softAp: { ssid, ...(passphrase === undefined ? {} : { passphrase }) },
      familyName: config.familyName,
      ...(kept === undefined ? {} : { token: kept.token, familyId: kept.familyId }),
      ports: { clock, wifi: this.#wifi },
      signal: leaving.signal,
    });
    const { token, familyId } = prepared.options;
    this.#kept = kept ?? { token, familyId, atMs: clock.monotonicMs() };
    return prepared;
  }

  /** Lets go of a token that is used up or was refused. */
  drop(): void {
    this.#kept = undefined;
  }

  #usable(nowMs: number) {
    const kept = this.#kept;
    return kept !== undefined && nowMs - kept.atMs < appLimits.tokenReuseMs ? kept : undefined;
  }
}
