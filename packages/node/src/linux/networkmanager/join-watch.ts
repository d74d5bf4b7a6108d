import type { CancelSignal, NetworkSecurity } from "@softap/ports";
import { softApError, type SoftApError } from "@softap/protocol";
import { asMap, asNumber, asText, type DBusValue } from "../dbus/value.ts";
import { linuxLimits } from "../limits.ts";
import type { NetworkManagerClient } from "./client.ts";
import type { NetworkManagerDevice } from "./device.ts";
import { DeviceState } from "./names.ts";
import { challengeFailedStatus, joinFailureCode, NetworkManagerReason } from "./reasons.ts";
import { supplicant, supplicantInterface } from "./supplicant.ts";

/** NMDeviceStateReason of a step that only makes room for another activation. */
export const newActivation = 60;

/** Watches one attempt to join: NetworkManager's steps, and beneath them what the supplicant hears from the router. */
export class JoinWatch {
  readonly #device: NetworkManagerDevice;
  readonly #security: NetworkSecurity;
  readonly #rssiDbm: number | undefined;
  #stops: (() => void)[] = [];
  #lastState: number = DeviceState.disconnected;
  #hasBegun = false;
  #supplicantState = "";
  #handshakeFailures = 0;
  #authStatus = 0;
  #assocStatus = 0;
  #refusals = 0;
  #hasHeardSupplicant = false;
  #settle: ((outcome: SoftApError | undefined) => void) | undefined;
  #outcome: { readonly error: SoftApError | undefined } | undefined;

  constructor(options: {
    device: NetworkManagerDevice;
    security: NetworkSecurity;
    rssiDbm: number | undefined;
  }) {
    this.#device = options.device;
    this.#security = options.security;
    this.#rssiDbm = options.rssiDbm;
  }

  /** Begins to watch. Without the right to hear the supplicant, NetworkManager's own reasons have to do. */
  async start(client: NetworkManagerClient, call: { signal: CancelSignal }): Promise<void> {
    this.#stops.push(
      this.#device.listen((change) => {
        if (change.reason === newActivation) return;
        this.#takeState(change.state, change.reason);
      }),
      await client.bus.subscribe(
        { sender: supplicant, interface: "org.freedesktop.DBus.Properties", member: "PropertiesChanged" },
        ([name, changed]) => {
          if (name === supplicantInterface) this.#takeSupplicant(changed);
        },
        call,
      ),
    );
  }

  /** Resolves when the station is joined. @throws {WifiError} what the evidence says; {CanceledError} */
  finished(call: { signal: CancelSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error: SoftApError | undefined): void => {
        this.#settle = undefined;
        call.signal.removeEventListener("abort", onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onAbort = (): void => {
        finish(softApError("CANCELED", "The caller gave up", { cause: call.signal.reason }));
      };
      if (this.#outcome !== undefined) finish(this.#outcome.error);
      else if (call.signal.aborted) onAbort();
      else {
        this.#settle = finish;
        call.signal.addEventListener("abort", onAbort, { once: true });
      }
    });
  }

  /** The error for the evidence gathered so far. @param reason - NMDeviceStateReason, or `undefined` when the time was up. */
  failure(reason: number | undefined): SoftApError {
    const code = joinFailureCode({
      state: this.#lastState,
      reason,
      hasPassphrase: this.#security !== "open",
      hasSae: this.#security === "wpa3-sae" || this.#security === "wpa2-wpa3",
      handshakeFailures: this.#handshakeFailures,
      authStatus: this.#authStatus,
      assocStatus: this.#assocStatus,
      hasHeardSupplicant: this.#hasHeardSupplicant,
      rssiDbm: this.#rssiDbm,
    });
    return softApError(code, "The network could not be joined", {
      ...(reason === undefined ? {} : { cause: new NetworkManagerReason(reason) }),
      context: {
        interface: this.#device.interfaceName,
        state: this.#lastState,
        handshakeFailures: this.#handshakeFailures,
        authStatus: this.#authStatus,
        assocStatus: this.#assocStatus,
      },
    });
  }

  /** Stops watching. Idempotent. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  #takeState(state: number, reason: number): void {
    if (state === DeviceState.prepare) this.#hasBegun = true;
    const isUnderWay = state >= DeviceState.prepare && state < DeviceState.activated;
    if (isUnderWay) {
      this.#lastState = state;
      return;
    }
    if (state === DeviceState.activated) {
      if (this.#hasBegun) this.#end(undefined);
      return;
    }
    const isLost = state <= DeviceState.unavailable;
    if (isLost || (this.#hasBegun && state !== DeviceState.deactivating)) this.#end(this.failure(reason));
  }

  #takeSupplicant(changed: DBusValue | undefined): void {
    const values = asMap(changed);
    this.#hasHeardSupplicant = true;
    const state = values.get("State");
    if (state !== undefined) {
      if (this.#supplicantState === "4way_handshake" && asText(state) === "disconnected") {
        this.#handshakeFailures += 1;
      }
      this.#supplicantState = asText(state);
    }
    const authStatus = asNumber(values.get("AuthStatusCode"));
    const assocStatus = asNumber(values.get("AssocStatusCode"));
    if (authStatus !== 0) this.#authStatus = authStatus;
    if (assocStatus !== 0) this.#assocStatus = assocStatus;
    if (authStatus === 0 && assocStatus === 0) return;
    this.#refusals += 1;
    // NetworkManager would go on for 25 s against a router that has said no.
    if (authStatus === challengeFailedStatus || this.#refusals >= linuxLimits.refusals)
      this.#end(this.failure(undefined));
  }

  #end(error: SoftApError | undefined): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = { error };
    this.#settle?.(error);
  }
}
