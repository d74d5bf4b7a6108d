import { type Log, type TimerHandle } from "@softap/ports";
import {
  type DeviceAddress,
  encodeUtf8,
  errorRegistry,
  type ErrorEntry,
  formatBase64,
  softApError,
} from "@softap/protocol";
import { Type } from "typebox";
import { Check } from "typebox/value";
import type { StatusChange } from "../../notifier.ts";
import type { Bindings } from "../../rules/bindings.ts";
import { deviceIdOf } from "../../rules/device-id.ts";
import { nowS, type RulesContext } from "../../rules/rules-context.ts";
import { accessTokenOf, type AppApi, publicError } from "./app-api.ts";
import { reasonOf } from "../../reason.ts";

/** The web socket itself, by the members that are used. */
export interface TextSocket {
  send(text: string): void;
  close(code: number): void;
}

/** One app that listens. */
interface Listener {
  readonly socket: TextSocket;
  readonly address: string;
  accountId: string | undefined;
  deviceIds: readonly string[];
  idle: TimerHandle | undefined;
  /** The frames of one socket are answered in their order. */
  work: Promise<void>;
  waiting: number;
}

/** Frames of one socket that may wait for an answer. */
const maxWaiting = 32;

/** Codes with which a web socket is closed. Source: RFC 6455 §7.4.1. */
const closeCode = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const;

const frameSchema = Type.Object({
  action: Type.String(),
  reqId: Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Number()])),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

const heartbeat = "AppDeviceTraceHeartBeat";

/**
 * Tells apps over web sockets what becomes of their devices.
 *
 * ```
 * → {"action":"ActivePush","reqId":r,"params":{"DeviceIds":["P/D"],"AccessToken":"…"}}     watch these, and only these
 * ← {"error":"","error_message":"","data":{"deviceIds":["P/D"]},"reqId":r}
 * → {"action":"YunApi","reqId":r,"params":{"Action":"…","ActionParams":{…}}}               an action of the app API
 * ← {"push":true,"action":"DeviceChange","params":{"Type":"StatusChange","SubType":"Bind","DeviceId":"P/D",…}}
 * ```
 *
 * Who may hear of a device is decided when something happens to it, so a phone can wait for a device that is not bound yet.
 */
export class AppSockets {
  readonly #api: AppApi;
  readonly #bindings: Bindings;
  readonly #context: RulesContext;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  readonly #byDevice = new Map<string, Set<Listener>>();
  #seq = 0;

  constructor(parts: { api: AppApi; bindings: Bindings }, context: RulesContext) {
    this.#api = parts.api;
    this.#bindings = parts.bindings;
    this.#context = context;
    this.#log = context.log;
  }

  /** Takes a new socket. @returns What to call for its frames and at its end; `undefined` when there are too many. */
  open(
    socket: TextSocket,
    address: string,
  ): { onText: (text: string) => void; onClosed: () => void } | undefined {
    if (this.#listeners.size >= this.#context.limits.maxWebSockets) {
      socket.close(closeCode.tryLater);
      return undefined;
    }
    const listener: Listener = {
      socket,
      address,
      accountId: undefined,
      deviceIds: [],
      idle: undefined,
      work: Promise.resolve(),
      waiting: 0,
    };
    this.#listeners.add(listener);
    this.#restartIdle(listener);
    return {
      onText: (text) => this.#onText(listener, text),
      onClosed: () => {
        listener.idle?.cancel();
        this.#watch(listener, []);
        this.#listeners.delete(listener);
      },
    };
  }

  /** Hears of a device. */
  async statusChanged(change: {
    device: DeviceAddress;
    status: StatusChange;
    formerAccountId?: string;
  }): Promise<void> {
    const { device, status, formerAccountId } = change;
    const payload = { type: "StatusChange", subType: status, timestamp: nowS(this.#context) };
    await this.#tell(device, { type: "StatusChange", subType: status, payload }, formerAccountId);
  }

  /** Hears what a device said, or what an app wants of it. */
  dataChanged(change: { device: DeviceAddress; subType: "Report" | "Push"; payload: object }): Promise<void> {
    return this.#tell(change.device, { ...change, type: "Property" });
  }

  /** Closes every socket. */
  close(): void {
    for (const listener of this.#listeners) listener.socket.close(closeCode.goingAway);
  }

  #onText(listener: Listener, text: string): void {
    this.#restartIdle(listener);
    if (listener.waiting >= maxWaiting) {
      listener.socket.close(closeCode.policy);
      return;
    }
    listener.waiting += 1;
    listener.work = listener.work.then(async () => {
      try {
        listener.socket.send(JSON.stringify(await this.#answer(listener, text)));
      } catch (error) {
        this.#log.debug("web socket answer failed", { reason: reasonOf(error) });
      } finally {
        listener.waiting -= 1;
      }
    });
  }

  async #answer(listener: Listener, text: string): Promise<object> {
    let reqId: string | number | undefined;
    try {
      const frame = parseFrame(text);
      reqId = frame.reqId;
      const data = await this.#run(listener, frame);
      return { error: "", error_message: "", data, reqId };
    } catch (error) {
      const { code, message } = publicError(error, this.#context);
      const entry: ErrorEntry = errorRegistry[code];
      return { error: entry.app ?? "InternalError", error_message: message, reqId };
    }
  }

  async #run(
    listener: Listener,
    frame: { action: string; params?: Record<string, unknown> },
  ): Promise<object> {
    const params = frame.params ?? {};
    switch (frame.action) {
      case "Hello":
        return {};
      case "ActivePush": {
        const { DeviceIds: deviceIds } = params;
        if (!isTexts(deviceIds, this.#context.limits.maxWatchedDevices))
          throw softApError("APP_PARAMETER_INVALID", "DeviceIds is not a list of texts, or it is too long");
        await this.#logIn(listener, params);
        this.#watch(listener, deviceIds);
        return { deviceIds };
      }
      case "YunApi": {
        const action = params["Action"];
        const actionParams = params["ActionParams"];
        if (typeof action !== "string" || typeof actionParams !== "object" || actionParams === null)
          throw softApError("APP_PARAMETER_MISSING", "Action or ActionParams is missing");
        const parameters = Object.fromEntries(Object.entries(actionParams));
        if (action === heartbeat) {
          await this.#logIn(listener, parameters);
          return { Response: { RequestId: parameters["RequestId"] ?? "", Data: {} } };
        }
        const fields = await this.#api.run({
          action,
          parameters: { ...parameters, Action: action },
          address: listener.address,
        });
        return { Response: { ...fields, RequestId: parameters["RequestId"] ?? "" } };
      }
      default:
        throw softApError("APP_ACTION_UNKNOWN", "There is no such action");
    }
  }

  /** Every heartbeat shows the access token again; when it has ended, so does the listening. */
  async #logIn(listener: Listener, parameters: Record<string, unknown>): Promise<void> {
    try {
      const account = await this.#api.userOf(accessTokenOf(parameters));
      listener.accountId = account.accountId;
    } catch (error) {
      listener.accountId = undefined;
      this.#watch(listener, []);
      throw error;
    }
  }

  #watch(listener: Listener, deviceIds: readonly string[]): void {
    for (const deviceId of listener.deviceIds) {
      const watching = this.#byDevice.get(deviceId);
      watching?.delete(listener);
      if (watching?.size === 0) this.#byDevice.delete(deviceId);
    }
    // A socket that closed while its frame was answered must not come back.
    listener.deviceIds = this.#listeners.has(listener) ? deviceIds : [];
    for (const deviceId of listener.deviceIds) {
      const watching = this.#byDevice.get(deviceId) ?? new Set();
      watching.add(listener);
      this.#byDevice.set(deviceId, watching);
    }
  }

  async #tell(
    device: DeviceAddress,
    change: { type: string; subType: string; payload: object },
    formerAccountId?: string,
  ): Promise<void> {
    const deviceId = deviceIdOf(device);
    const watching = this.#byDevice.get(deviceId);
    if (watching === undefined) return;
    const accountId = formerAccountId ?? (await this.#bindings.find(device))?.accountId;
    const text = this.#push(deviceId, change);
    for (const listener of watching)
      if (accountId !== undefined && listener.accountId === accountId) listener.socket.send(text);
  }

  #push(deviceId: string, change: { type: string; subType: string; payload: object }): string {
    this.#seq += 1;
    return JSON.stringify({
      push: true,
      action: "DeviceChange",
      params: {
        Time: new Date(this.#context.clock.wallMs() ?? 0).toISOString(),
        Type: change.type,
        SubType: change.subType,
        Topic: "",
        Payload: formatBase64(encodeUtf8(JSON.stringify(change.payload))),
        Seq: this.#seq,
        DeviceId: deviceId,
      },
    });
  }

  #restartIdle(listener: Listener): void {
    listener.idle?.cancel();
    listener.idle = this.#context.clock.after("web socket idle", this.#context.limits.webSocketIdleMs, () =>
      listener.socket.close(closeCode.goingAway),
    );
  }
}

function parseFrame(text: string): {
  action: string;
  reqId?: string | number;
  params?: Record<string, unknown>;
} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw softApError("APP_JSON_INVALID", "The frame is not JSON");
  }
  if (!Check(frameSchema, value)) throw softApError("APP_PARAMETER_INVALID", "The frame has no action");
  return value;
}

function isTexts(value: unknown, max: number): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= max &&
    value.every((item) => typeof item === "string" && item.length <= 128)
  );
}
