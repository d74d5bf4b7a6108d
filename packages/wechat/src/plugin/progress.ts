import type { Clock } from "@softap/ports";
import type { SoftApOptions } from "./options.ts";
import { WifiConfStepCode as Code } from "./step-code.ts";

/** What a whole run reports, in the vendor's order. */
const order: readonly Code[] = [
  Code.WIFI_CONF_START,
  Code.PROTOCOL_START,
  Code.CONNECT_WIFI_START,
  Code.CONNECT_WIFI_SUCCESS,
  Code.CREATE_UDP_CONNECTION_START,
  Code.CREATE_UDP_CONNECTION_SUCCESS,
  Code.SOFTAP_SEND_TARGET_WIFIINFO_START,
  Code.SOFTAP_SEND_TARGET_WIFIINFO_SUCCESS,
  Code.SOFTAP_RECONNECT_TARGET_WIFI_START,
  Code.SOFTAP_RECONNECT_TARGET_WIFI_SUCCESS,
  Code.PROTOCOL_SUCCESS,
  Code.BUSINESS_START,
  Code.BUSINESS_QUERY_TOKEN_STATE_START,
  Code.BUSINESS_QUERY_TOKEN_STATE_SUCCESS,
  Code.BUSINESS_ADD_DEVICE_START,
  Code.BUSINESS_ADD_DEVICE_SUCCESS,
  Code.BUSINESS_SUCCESS,
  Code.WIFI_CONF_SUCCESS,
];

type Detail = Readonly<Record<string, unknown>>;

/** Reports a run in the vendor's order, whatever of it happens at once or the other way round here. */
export class Progress {
  readonly #clock: Clock;
  readonly #onProgress: SoftApOptions["onProgress"];
  readonly #left: Code[];
  readonly #startedAtMs = new Map<string, number>();

  /** @param skipped - Codes that this run does not have. */
  constructor(clock: Clock, options: SoftApOptions, skipped: readonly Code[]) {
    this.#clock = clock;
    this.#onProgress = options.onProgress;
    this.#left = order.filter((code) => !skipped.includes(code));
  }

  /** Reports everything that comes before `code` in the vendor's order and was not reported yet, then `code`. */
  reach(code: Code, detail: Detail = {}): void {
    const at = this.#left.indexOf(code);
    for (const passed of this.#left.splice(0, at + 1)) this.#report(passed, passed === code ? detail : {});
  }

  /** Reports what has no place in the order. */
  tell(code: Code, detail: Detail = {}): void {
    this.#onProgress?.({ code, detail });
  }

  /** Reports {@link WifiConfStepCode.CONNECT_WIFI_MANUAL} in place of the success. */
  reachManualJoin(): void {
    this.reach(Code.CONNECT_WIFI_START);
    if (this.#left[0] !== Code.CONNECT_WIFI_SUCCESS) return;
    this.#left[0] = Code.CONNECT_WIFI_MANUAL;
    this.reach(Code.CONNECT_WIFI_MANUAL);
  }

  #report(code: Code, detail: Detail): void {
    const nowMs = this.#clock.monotonicMs();
    const phase = code.replace(/_(?:START|SUCCESS|MANUAL)$/, "");
    if (code.endsWith("_START")) {
      this.#startedAtMs.set(phase, nowMs);
      this.tell(code, detail);
    } else {
      const timeCost = Math.round(nowMs - (this.#startedAtMs.get(phase) ?? nowMs));
      this.tell(code, { timeCost, ...detail });
    }
  }
}
