import { type CancelSignal, CancelSource, type Clock, sleep } from "@softap/ports";
import { encodeUtf8 } from "@softap/protocol";
import {
  type VirtualHost,
  VirtualMqttConnector,
  VirtualRadio,
  type VirtualRadioOptions,
  type VirtualSegment,
} from "@softap/virtual";
import { type FieldWorld, softApSsid } from "../field-world.ts";
import type { FieldDevice } from "./field-device.ts";
import { Inbox } from "./inbox.ts";

/** Longest life of a soft AP session, milliseconds: 104 idle waits of 3 s. */
export const sessionMs = 312_000;

/** What the program of a vendor's device works with. */
export interface VendorParts {
  readonly clock: Clock;
  readonly radio: VirtualRadio;
  readonly mqtt: VirtualMqttConnector;
  /** Port 8266. */
  readonly inbox: Inbox;
  readonly signal: CancelSignal;
  readonly pause: (delayMs: number) => Promise<void>;
}

/** A program from its soft AP to its end. Models what the vendor's code does and waits for, not how it is written. */
export type VendorProgram = (parts: VendorParts) => Promise<void>;

/** A device of the vendor: a radio and a program that forgets everything at a restart. */
export class VendorDevice implements FieldDevice {
  host!: VirtualHost;
  readonly #world: FieldWorld;
  readonly #program: VendorProgram;
  readonly #radioOptions: Partial<VirtualRadioOptions>;
  #radio: VirtualRadio | undefined;
  #power = new CancelSource();
  #boots = 0;
  #isOver = false;

  constructor(world: FieldWorld, program: VendorProgram, radio: Partial<VirtualRadioOptions> = {}) {
    this.#world = world;
    this.#program = program;
    this.#radioOptions = radio;
  }

  get softApSegment(): VirtualSegment | undefined {
    return this.#radio?.softAp.segment;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  boot(): void {
    const { air, network, condition } = this.#world;
    this.#boots += 1;
    this.#isOver = false;
    this.#power = new CancelSource();
    this.host = network.host(`lamp ${this.#boots}`);
    this.#radio = new VirtualRadio({
      air,
      host: this.host,
      scanMs: 300,
      ...condition.radio,
      ...this.#radioOptions,
    });
    const { signal } = this.#power;
    const over = (): void => {
      if (!signal.aborted) this.#isOver = true;
    };
    // Whatever ends the program early, a lost power or a join that failed, ends this boot.
    this.#run(this.#radio, signal).then(over, over);
  }

  cutPower(): void {
    this.#power.cancel("power cut");
    this.#radio?.powerOff();
  }

  async #run(radio: VirtualRadio, signal: CancelSignal): Promise<void> {
    const { clock, cloud } = this.#world;
    const { host } = this;
    const mqtt = new VirtualMqttConnector({ brokers: [cloud.broker], host });
    await radio.softAp.start({ ssid: encodeUtf8(softApSsid), passphrase: undefined }, { signal });
    const inbox = await Inbox.open(host.datagrams, { port: 8266, clock, signal });
    const pause = (delayMs: number): Promise<void> => sleep(clock, { name: "pause", delayMs, signal });
    try {
      await this.#program({ clock, radio, mqtt, inbox, signal, pause });
    } finally {
      inbox.close();
      radio.softAp.down();
    }
  }
}
