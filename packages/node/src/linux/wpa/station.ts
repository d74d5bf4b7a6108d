import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type CancelSignal,
  type Clock,
  type Log,
  type NetworkCredentials,
  type SeenNetwork,
  type Station,
  type StationLease,
  type StationStatus,
  throwIfCanceled,
  withTimeout,
} from "@softap/ports";
import { asSoftApError, isSoftApError, Secret, softApError, type SoftApError } from "@softap/protocol";
import type { Call } from "../call.ts";
import { cancelable } from "../../cancelable.ts";
import { isMissing } from "../../errors.ts";
import { replaceFile } from "../../replace-file.ts";
import { requireUnblocked } from "../block.ts";
import { channelOf, frequencyOf } from "../capabilities.ts";
import { notFound, requireFitting, requireJoinable, strongest } from "../credentials-check.ts";
import { Exclusive } from "../exclusive.ts";
import { linuxLimits } from "../limits.ts";
import type { SoftApRole } from "../soft-ap-role.ts";
import { DhcpClient } from "./dhcp-client.ts";
import { formatNetworkBlock, joinConfig, splitConfig } from "./network-block.ts";
import { JoinEvidence } from "./reasons.ts";
import { type Supplicant, undoing } from "./supplicant.ts";

/** What a {@link WpaStation} is made of. */
export interface WpaStationOptions {
  readonly interfaceName: string;
  readonly supplicant: Supplicant;
  readonly clock: Clock;
  readonly log: Log;
  /** Configuration file in which the kept network stands; what others wrote there stays. */
  readonly configPath: string;
  /** Whether the radio can do WPA3-SAE. */
  readonly sae: boolean;
  /** The other role of the radio, as far as a join has to care. */
  readonly softAp: SoftApRole;
}

interface Target {
  readonly ssid: Uint8Array;
  readonly bssid?: string;
  /** Makes the configuration; refuses what the network announces where it does not fit. */
  readonly block: (seen: SeenNetwork) => Promise<Secret>;
}

/** The Wi-Fi client of a device without a network manager. A network is in the supplicant's memory until it is kept. */
export class WpaStation implements Station {
  readonly #options: WpaStationOptions;
  readonly #dhcp: DhcpClient;
  readonly #exclusive = new Exclusive();
  #status: StationStatus = { state: "idle" };
  /** Configuration of the joined network while it is not kept. */
  #joined: Secret | undefined;
  #lastScan: readonly SeenNetwork[] = [];
  #isOurDoing = false;
  onLost: (() => void) | undefined;

  constructor(options: WpaStationOptions) {
    this.#options = options;
    this.#dhcp = new DhcpClient(options);
    options.supplicant.listen(({ type }) => {
      if (type === "disconnected" || type === "terminating") this.#lose();
    });
  }

  get status(): StationStatus {
    return this.#status;
  }

  /** What the last scan saw. */
  get lastScan(): readonly SeenNetwork[] {
    return this.#lastScan;
  }

  scan(call: Call): Promise<readonly SeenNetwork[]> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(call.signal);
      requireUnblocked(this.#options.interfaceName);
      if (this.#options.softAp.holdsRadio) return this.#lastScan;
      await this.#requireUsable(call);
      this.#lastScan = await this.#options.supplicant.scan([], call);
      return this.#lastScan;
    });
  }

  join(
    network: NetworkCredentials,
    options: { timeoutMs: number; signal: CancelSignal },
  ): Promise<StationLease> {
    return this.#exclusive.run(async () => {
      throwIfCanceled(options.signal);
      requireJoinable(network);
      const target: Target = {
        ssid: network.ssid,
        ...(network.bssid === undefined ? {} : { bssid: network.bssid }),
        block: async (seen) => {
          requireFitting(seen, network, this.#options);
          return formatNetworkBlock(network, seen.security);
        },
      };
      const [lease, block] = await this.#connect(target, options);
      this.#joined = block;
      return lease;
    });
  }

  keep(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      if (this.#joined === undefined || this.#status.state !== "joined")
        throw softApError("WIFI_NOT_JOINED", "No network is joined that could be kept");
      await this.#write(this.#joined, call);
      this.#joined = undefined;
    });
  }

  async keptSsid(call: Call): Promise<Uint8Array | undefined> {
    return splitConfig(await this.#read(call)).own?.ssid;
  }

  joinKept(options: { timeoutMs: number; signal: CancelSignal }): Promise<StationLease> {
    return this.#exclusive.run(async () => {
      const { own } = splitConfig(await this.#read(options));
      if (own === undefined) throw softApError("WIFI_NOTHING_KEPT", "No network is kept");
      const [lease] = await this.#connect({ ssid: own.ssid, block: async () => own.block }, options);
      this.#joined = undefined;
      return lease;
    });
  }

  leave(call: Call): Promise<void> {
    return this.#exclusive.run(() => this.#disconnect(call));
  }

  forget(call: Call): Promise<void> {
    return this.#exclusive.run(async () => {
      await this.#disconnect(call);
      if (splitConfig(await this.#read(call)).own !== undefined) await this.#write(undefined, call);
    });
  }

  /** Leaves the interface to the soft AP; a join under way ends with `WIFI_SUPPLICANT_GONE`. What is kept stays kept. */
  async release(): Promise<void> {
    const wasOurDoing = this.#isOurDoing;
    this.#isOurDoing = true;
    await this.#reset();
    await this.#options.supplicant.stop();
    this.#isOurDoing = wasOurDoing;
  }

  /** Ends everything this station runs; what is kept stays kept. */
  close(): Promise<void> {
    return this.#exclusive.run(() => this.release());
  }

  async #connect(
    target: Target,
    options: { timeoutMs: number; signal: CancelSignal },
  ): Promise<readonly [StationLease, Secret]> {
    const { supplicant, clock, softAp } = this.#options;
    const limit = { phase: "join", limitMs: options.timeoutMs, signal: options.signal };
    let evidence: JoinEvidence | undefined;
    this.#isOurDoing = true;
    this.#status = { state: "joining" };
    try {
      return await withTimeout(clock, limit, async (signal) => {
        const call = { signal };
        await softAp.makeRoom(call);
        await this.#requireUsable(call);
        const seen = await this.#find(target, call);
        const hasPassphrase = seen.security !== "open";
        evidence = new JoinEvidence({ rssiDbm: seen.rssiDbm, hasPassphrase });
        const block = await target.block(seen);
        await softAp.follow(seen.channel, call);
        await this.#reset();
        const frequencyMhz = frequencyOf(seen.channel, seen.band);
        const address = await this.#associate(evidence, { block, frequencyMhz }, call);
        const fields = await supplicant.status(call);
        const rssiDbm = (await supplicant.rssiDbm(call)) ?? seen.rssiDbm;
        const channel = channelOf(Number(fields.get("freq") ?? "0"));
        const lease = { ssid: target.ssid, address, rssiDbm, channel: channel > 0 ? channel : seen.channel };
        this.#status = { state: "joined", lease };
        return [lease, block] as const;
      });
    } catch (error) {
      await this.#reset();
      this.#status = { state: "idle" };
      await softAp.resume();
      const isTimeUp = isSoftApError(error, "TIMEOUT") && !options.signal.aborted;
      if (!isTimeUp) throw error;
      throw evidence?.timeIsUp() ?? notFound(error);
    } finally {
      this.#isOurDoing = false;
    }
  }

  /** Associates and gets an address; ends as soon as the evidence is final. */
  async #associate(
    evidence: JoinEvidence,
    network: { readonly block: Secret; readonly frequencyMhz: number },
    call: Call,
  ): Promise<string> {
    const { supplicant } = this.#options;
    const over: { error: SoftApError | undefined } = { error: undefined };
    let wake = (): void => {};
    const stop = supplicant.listen((event) => {
      over.error ??= evidence.take(event);
      wake();
    });
    try {
      await supplicant.configure(network, call);
      await cancelable<void>(call.signal, ({ resolve, reject }) => {
        wake = () => {
          if (over.error !== undefined) reject(over.error);
          else if (evidence.isConnected) resolve();
        };
        wake();
        return () => {};
      });
      return await this.#dhcp.start(call);
    } finally {
      stop();
    }
  }

  /** @throws {WifiError} `WIFI_NOT_FOUND` */
  async #find(target: Target, call: Call): Promise<SeenNetwork> {
    for (let scan = 1; scan <= linuxLimits.findScans; scan++) {
      const found = strongest(await this.#options.supplicant.scan([target.ssid], call), target);
      if (found !== undefined) return found;
    }
    throw notFound();
  }

  async #requireUsable(call: Call): Promise<void> {
    requireUnblocked(this.#options.interfaceName);
    await this.#options.supplicant.start(call);
  }

  async #disconnect(call: Call): Promise<void> {
    throwIfCanceled(call.signal);
    this.#isOurDoing = true;
    try {
      await this.#reset();
    } finally {
      this.#isOurDoing = false;
    }
  }

  /** Back to no network, whatever the caller's time is. */
  async #reset(): Promise<void> {
    this.#joined = undefined;
    await this.#dhcp.stop();
    const { supplicant, log } = this.#options;
    try {
      if (supplicant.isRunning) await supplicant.configure(undefined, undoing);
    } catch (error) {
      log.warn("station did not leave cleanly", { code: asSoftApError(error).code });
    }
    if (this.#status.state === "joined") this.#status = { state: "idle" };
  }

  #lose(): void {
    if (this.#isOurDoing || this.#status.state !== "joined") return;
    this.#status = { state: "idle" };
    void this.#dhcp.stop();
    this.onLost?.();
  }

  async #read(call: Call): Promise<Secret> {
    throwIfCanceled(call.signal);
    try {
      return Secret.of(await readFile(this.#options.configPath, { encoding: "utf8" }));
    } catch (cause) {
      if (isMissing(cause)) return Secret.of("");
      throw softApError("STORE_READ_FAILED", "The kept network cannot be read", { cause });
    }
  }

  async #write(block: Secret | undefined, call: Call): Promise<void> {
    const { others } = splitConfig(await this.#read(call));
    try {
      await mkdir(dirname(this.#options.configPath), { recursive: true });
      await replaceFile(this.#options.configPath, Buffer.from(joinConfig(others, block).reveal()));
    } catch (cause) {
      throw softApError("STORE_WRITE_FAILED", "The network cannot be kept", { cause });
    }
  }
}
