import { givenCredentials, mqttLogin } from "@softap/device/inspection";
import { NodeMqttConnector, nodeCrypto, nodeRandom } from "@softap/node";
import type { MqttLink } from "@softap/ports";
import {
  decodeUtf8,
  encodeUtf8,
  isSoftApError,
  type RegisteredCredentials,
  softApError,
  sysReplyTopic,
  sysRequestTopic,
} from "@softap/protocol";
import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { readSavedState } from "../service/saved-state.ts";
import type { DoctorSettings } from "./check.ts";

/** Longest wait for one hop, ms. */
const hopTimeoutMs = 8_000;

/** Seconds between signs of life of the session, which lasts shorter. */
const keepAliveS = 60;

/** The way to the cloud, hop by hop. Each hop is gone once; whoever asks again gets the same answer. */
export class CloudProbe {
  readonly #settings: DoctorSettings;
  readonly #signal: AbortSignal;
  #session: Promise<MqttLink> | undefined;

  constructor(settings: DoctorSettings, signal: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
  }

  /** Addresses of the cloud's host. @throws {TransportError} `HOST_NOT_FOUND` */
  async addresses(): Promise<readonly string[]> {
    const { cloudHost = "" } = this.#settings;
    if (isIP(cloudHost) !== 0) return [cloudHost];
    const { promise: late, reject } = Promise.withResolvers<never>();
    this.#limited().addEventListener("abort", () => reject(new Error("the name server is silent")), {
      once: true,
    });
    try {
      // The system's resolver cannot be called back: its answer is not waited for any longer.
      const found = await Promise.race([lookup(cloudHost, { all: true }), late]);
      return found.map(({ address }) => address);
    } catch (cause) {
      throw softApError("HOST_NOT_FOUND", `${cloudHost} is not known`, { cause });
    }
  }

  /** Milliseconds until a TCP connection stood. @throws {TransportError} `CONNECTION_REFUSED`, `UNREACHABLE` */
  tcp(): Promise<number> {
    const { cloudHost: host = "", mqttPort: port } = this.#settings;
    const fromMs = performance.now();
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, signal: this.#limited() });
      socket.once("connect", () => {
        socket.destroy();
        resolve(performance.now() - fromMs);
      });
      socket.once("error", (cause: NodeJS.ErrnoException) => {
        const code = cause.code === "ECONNREFUSED" ? "CONNECTION_REFUSED" : "UNREACHABLE";
        reject(softApError(code, `${host}:${port}`, { cause }));
      });
    });
  }

  /** Whether the device has a key. */
  async canLogIn(): Promise<boolean> {
    return (await this.#login()) !== undefined;
  }

  /**
   * The login of the device. `undefined` when there is nothing to log in with.
   *
   * @throws {SoftApError} what the session's opening throws
   */
  async session(): Promise<MqttLink | undefined> {
    const login = await this.#login();
    if (login === undefined) return undefined;
    this.#session ??= new NodeMqttConnector().connect({
      ...login,
      host: this.#settings.cloudHost ?? "",
      port: this.#settings.mqttPort,
      keepAliveS,
      signal: this.#limited(),
    });
    return this.#session;
  }

  /**
   * How far the own clock is ahead of the cloud's, ms.
   *
   * @param nowMs - The own clock.
   * @throws {TimeoutError} when the cloud says nothing
   */
  async clockOffsetMs(link: MqttLink, nowMs: () => number): Promise<number> {
    const { productId = "", deviceName = "" } = this.#settings;
    const device = { productId, deviceName };
    const signal = this.#limited();
    const { promise: answered, resolve, reject } = Promise.withResolvers<number>();
    signal.addEventListener(
      "abort",
      () => reject(softApError("TIMEOUT", "The cloud did not tell its time")),
      {
        once: true,
      },
    );
    // The rejection is of use only once somebody waits for it.
    answered.catch(() => undefined);
    let askedMs = 0;
    link.onMessage = (_topic, payload) => {
      const cloudMs = timeIn(payload);
      if (cloudMs !== undefined) resolve((askedMs + nowMs()) / 2 - cloudMs);
    };
    await link.subscribe(sysReplyTopic(device), { qos: 0, signal });
    askedMs = nowMs();
    const question = encodeUtf8(JSON.stringify({ type: "get", resource: ["time"] }));
    await link.publish(sysRequestTopic(device), question, { qos: 0, signal });
    return answered;
  }

  /** Ends what was opened. Idempotent. */
  async close(): Promise<void> {
    const link = await this.#session?.catch(() => undefined);
    await link?.close();
  }

  #limited(): AbortSignal {
    return AbortSignal.any([this.#signal, AbortSignal.timeout(hopTimeoutMs)]);
  }

  async #login(): Promise<ReturnType<typeof mqttLogin> | undefined> {
    const { productId, deviceName, credentials: configured, stateFolder } = this.#settings;
    if (productId === undefined || deviceName === undefined || configured === undefined) return undefined;
    const credentials = givenCredentials(configured) ?? (await registeredCredentials(stateFolder));
    if (credentials === undefined) return undefined;
    const identity = { productId, deviceName };
    return mqttLogin({ identity, configured, credentials, crypto: nodeCrypto, random: nodeRandom });
  }
}

/** What dynamic registration gave the device; that the state cannot be read is told by a check of its own. */
async function registeredCredentials(folder: string | undefined): Promise<RegisteredCredentials | undefined> {
  try {
    return folder === undefined ? undefined : (await readSavedState(folder)).credentials;
  } catch (error) {
    if (isSoftApError(error)) return undefined;
    throw error;
  }
}

/** `ntptime2`, or the seconds in `time`. */
function timeIn(payload: Uint8Array): number | undefined {
  const text = decodeUtf8(payload);
  if (text === undefined) return undefined;
  try {
    const reply: unknown = JSON.parse(text);
    if (typeof reply !== "object" || reply === null) return undefined;
    const { ntptime2, time } = reply as Readonly<Record<string, unknown>>; // an object can be read by name
    if (typeof ntptime2 === "number") return ntptime2;
    return typeof time === "number" ? time * 1000 : undefined;
  } catch {
    return undefined;
  }
}
