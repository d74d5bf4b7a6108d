import type { KeyValueStore, Radio, RadioCapabilities } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { virtualLimits } from "../limits.ts";
import { MemoryStore } from "../memory-store.ts";
import type { VirtualHost } from "../network/host.ts";
import type { VirtualAir } from "./air.ts";
import { KeptNetwork } from "./kept-network.ts";
import { RadioCore, type RadioEvent, type RadioFailure } from "./radio-core.ts";
import { VirtualSoftAp } from "./soft-ap.ts";
import { VirtualStation } from "./station.ts";

/** What a radio is like. */
export interface VirtualRadioOptions {
  readonly air: VirtualAir;
  /** The device's computer: it gets the addresses of what the radio joins and opens. */
  readonly host?: VirtualHost;
  /** Appears in the names of segments. @defaultValue the host's */
  readonly name?: string;
  /** Where the kept network lives; hand the same one to the radio of a restarted device. @defaultValue a new one */
  readonly store?: KeyValueStore;
  /** @defaultValue soft AP while station, 2.4 GHz only, SAE */
  readonly capabilities?: Partial<RadioCapabilities>;
  /** One pass over every channel, milliseconds; each scan and each join needs one. @defaultValue 0 */
  readonly scanMs?: number;
  /** @defaultValue 0 */
  readonly softApStartMs?: number;
  /** @defaultValue 4 */
  readonly maxSoftApStations?: number;
  /** Whether it asks for hidden networks by name. @defaultValue true */
  readonly findsHidden?: boolean;
  /** Whether phones drop off when the station pulls the soft AP to another channel. @defaultValue false */
  readonly dropsPhonesOnChannelSwitch?: boolean;
}

/** A radio in a {@link VirtualAir}. */
export class VirtualRadio implements Radio {
  readonly capabilities: RadioCapabilities;
  readonly station: VirtualStation;
  readonly softAp: VirtualSoftAp;
  readonly #core: RadioCore;

  constructor(options: VirtualRadioOptions) {
    const { air, host, name } = options;
    this.capabilities = {
      softApWhileStation: true,
      bands: ["2.4GHz"],
      sae: true,
      ...options.capabilities,
    };
    const core = new RadioCore({ air, host, name, capabilities: this.capabilities });
    this.#core = core;
    this.softAp = new VirtualSoftAp(core, {
      startMs: options.softApStartMs ?? 0,
      maxStations: options.maxSoftApStations ?? virtualLimits.maxSoftApStations,
      station: () => this.station.status,
    });
    core.phones = () => this.softAp.stationCount;
    const dropsPhones = options.dropsPhonesOnChannelSwitch ?? false;
    this.station = new VirtualStation(core, {
      kept: new KeptNetwork(options.store ?? new MemoryStore()),
      scanMs: options.scanMs ?? 0,
      findsHidden: options.findsHidden ?? true,
      onJoinStarted: () => {
        if (!this.capabilities.softApWhileStation) this.softAp.down();
      },
      onChannel: (channel) => this.softAp.moveTo(channel, dropsPhones),
    });
  }

  /** What it did, oldest first; the latest 1 000 entries. */
  get history(): readonly RadioEvent[] {
    return this.#core.history;
  }

  /** Makes the radio fail: what is joined is lost, the soft AP goes down, and every call is refused with the code. */
  fail(code: RadioFailure): void {
    this.#core.failure = code;
    this.softAp.down();
    this.station.interrupt(softApError(code, "The virtual radio stopped working"));
  }

  /** Makes it work again; nothing comes back by itself. */
  repair(): void {
    this.#core.failure = undefined;
  }

  /** What a power cut does: everything is gone at once and nobody is told. Afterwards make a new radio with the same store. */
  powerOff(): void {
    this.station.onLost = undefined;
    this.softAp.onStationCount = undefined;
    this.fail("WIFI_INTERFACE_MISSING");
  }
}
