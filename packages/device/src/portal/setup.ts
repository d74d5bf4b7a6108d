import type { SeenNetwork } from "@softap/ports";
import { asSoftApError, decodeUtf8, displayBytes, type ErrorCode, formatHex } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import type { PortalSession } from "../device-portal.ts";
import { readJoinForm } from "./join-form.ts";
import { portalLimits as limits } from "./limits.ts";
import { renderNetworks, type ChosenNetwork } from "./page/networks.ts";
import { renderAppOnly, renderPage } from "./page/page.ts";
import { renderStatus, statusKey, type StatusContent } from "./page/status.ts";
import type { FormProblem } from "./page/texts.ts";
import { listNetworks, type ListedNetwork } from "./seen-networks.ts";

/** Random bytes of a trace: 8 hex digits. */
const traceBytes = 4;

/** What the page knows and does during one session. Passphrases and codes pass through and are not kept. */
export class Setup {
  readonly #session: PortalSession;
  #seen: readonly SeenNetwork[] = [];
  #scannedAtMs: number | undefined;
  #scan: Promise<void> | undefined;
  /** What the page asked for last; `attempt` tells whether that is what goes on now. */
  #asked: { readonly ssid: Uint8Array; readonly attempt: number } | undefined;
  #refusal: { readonly code: ErrorCode; readonly attempt: number } | undefined;

  constructor(session: PortalSession) {
    this.#session = session;
  }

  /** Whether a search does not throw phones off the soft AP. */
  get canRescan(): boolean {
    return this.#capabilities.softApWhileStation;
  }

  /** Searches for networks. Searches that come together or right behind each other are one; a failure leaves the list as it is. */
  search(): Promise<void> {
    const { clock } = this.#session.options.ports;
    const isFresh =
      this.#scannedAtMs !== undefined && clock.monotonicMs() - this.#scannedAtMs < limits.rescanGapMs;
    if (isFresh) return Promise.resolve();
    this.#scan ??= this.#session
      .scan(limits.scanTimeoutMs)
      .then((seen) => {
        this.#seen = seen;
        this.#scannedAtMs = clock.monotonicMs();
      })
      .catch((error: unknown) => {
        this.#session.options.log.info("networks not searched", { code: asSoftApError(error).code });
      })
      .finally(() => {
        this.#scan = undefined;
      });
    return this.#scan;
  }

  /** Hands in the form. @returns What is wrong with it, if anything. */
  join(fields: ReadonlyMap<string, string>): FormProblem | undefined {
    const { ssid, result } = readJoinForm(fields, this.#networks);
    const { log, ports } = this.#session.options;
    // The number of the attempt follows below, where one begins.
    if (ssid !== undefined) this.#asked = { ssid, attempt: -1 };
    if (typeof result === "string") return result;
    const trace = formatHex(ports.random.bytes(traceBytes));
    const refusal = this.#session.submit({ ...result, trace });
    const { attempt } = this.#session.view;
    this.#refusal = refusal === undefined ? undefined : { code: refusal.code, attempt };
    if (ssid !== undefined && refusal === undefined) this.#asked = { ssid, attempt };
    log.info("form received", { trace, hasToken: result.token !== undefined, refusal: refusal?.code });
    return undefined;
  }

  /** The whole page, with what is wrong with the form that came. */
  page(language: Language, problem?: FormProblem): string {
    const content = {
      deviceName: this.#session.options.identity.deviceName,
      status: this.#status,
      networks: this.#networks,
      canRescan: this.canRescan,
      chosen: this.#chosen,
      problem,
    };
    return renderPage(content, language);
  }

  /** The part of the page that follows the device, and a key that changes with it. */
  status(language: Language): { readonly key: string; readonly body: string } {
    const status = this.#status;
    return { key: statusKey(status), body: renderStatus(status, language) };
  }

  /** The part of the page with the networks. */
  networks(language: Language): string {
    return renderNetworks(this.#networks, this.#chosen, language);
  }

  /** The page of a device that is set up by its app alone. */
  appOnly(language: Language): string {
    return renderAppOnly(this.#session.options.identity.deviceName, language);
  }

  get #capabilities(): PortalSession["options"]["ports"]["radio"]["capabilities"] {
    return this.#session.options.ports.radio.capabilities;
  }

  get #networks(): readonly ListedNetwork[] {
    const { softAp } = this.#session.options;
    return listNetworks(this.#seen, { softApSsid: softAp.ssid, capabilities: this.#capabilities });
  }

  get #chosen(): ChosenNetwork | undefined {
    if (this.#asked === undefined) return undefined;
    const { ssid } = this.#asked;
    return { id: formatHex(ssid), text: decodeUtf8(ssid) ?? "" };
  }

  get #status(): StatusContent {
    const { view } = this.#session;
    const isOurs = this.#asked?.attempt === view.attempt;
    const isRefused = this.#refusal?.attempt === view.attempt;
    return {
      view,
      networkName: isOurs && this.#asked !== undefined ? displayBytes(this.#asked.ssid) : undefined,
      leavesSoftAp: !this.#capabilities.softApWhileStation,
      refusal: isRefused ? this.#refusal?.code : undefined,
    };
  }
}
