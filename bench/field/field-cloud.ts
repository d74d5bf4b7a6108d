import { type Random, randomText } from "@softap/ports";
import {
  decodeServiceUp,
  decodeUtf8,
  encodeServiceDown,
  encodeUtf8,
  formatAppFailure,
  formatAppReply,
  parseMqttUsername,
  ProtocolError,
  thingDownTopic,
} from "@softap/protocol";
import {
  type VirtualClock,
  VirtualMqttBroker,
  type VirtualMqttMessage,
  type VirtualMqttSession,
  VirtualWeb,
  type VirtualWebServer,
} from "@softap/virtual";

/** Who the device of every run is. */
export const identity = { productId: "FIELDLAMP1", deviceName: "lamp" } as const;
/** Origin of the app API. */
export const cloudUrl = "https://cloud.test";
/** Host of the broker. */
export const mqttHost = "mqtt.test";

/** What a cloud must do for one binding, and no more: four actions of the app API and one message of the device. Its memory is the truth. */
export class FieldCloud {
  readonly broker: VirtualMqttBroker;
  readonly web: VirtualWeb;
  /** A device reported a token that this cloud made: it is on the network and could be bound. */
  isReported = false;
  /** The family has the device. */
  isBound = false;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #server: VirtualWebServer;
  readonly #tokens = new Map<string, "made" | "reported">();

  /** @param latencyMs - One way. */
  constructor(options: { clock: VirtualClock; random: Random; latencyMs: number }) {
    const { clock, random, latencyMs } = options;
    this.#clock = clock;
    this.#random = random;
    this.broker = new VirtualMqttBroker({
      clock,
      host: mqttHost,
      latencyMs,
      handler: {
        authenticate: ({ username }) => this.#authenticate(username),
        onPublish: (session, message) => this.#take(session, message),
      },
    });
    this.web = new VirtualWeb({ clock });
    const onRequest = ({ body }: { readonly body: Uint8Array }) => ({
      status: 200,
      body: this.#answer(body),
    });
    this.#server = this.web.serve(cloudUrl, { onRequest }, { latencyMs });
  }

  /** Nobody reaches it for a while; connections break. */
  disappear(forMs: number): void {
    this.#server.outage = "unreachable";
    this.broker.outage = "refused";
    this.broker.dropAll();
    this.#clock.after("cloud comes back", forMs, () => {
      this.#server.outage = undefined;
      this.broker.outage = undefined;
    });
  }

  #authenticate(username: string): number {
    const parts = parseMqttUsername(username);
    if (parts instanceof ProtocolError) return 4;
    return parts.expiryS > BigInt(Math.floor(this.#nowMs / 1000)) ? 0 : 4;
  }

  #take(session: VirtualMqttSession, { payload }: VirtualMqttMessage): boolean {
    const message = decodeServiceUp(payload);
    if (message instanceof ProtocolError) return false;
    const { clientToken } = message;
    switch (message.method) {
      case "app_bind_token": {
        const token = message.token.reveal();
        const isKnown = this.#tokens.has(token);
        if (isKnown) this.#tokens.set(token, "reported");
        this.isReported ||= isKnown;
        this.#reply(session, "app_bind_token_reply", clientToken, isKnown);
        return true;
      }
      case "bind_device_query":
        this.#reply(session, "bind_device_query_reply", clientToken, this.isBound);
        return true;
      case "unbind_device_request":
        return false;
    }
  }

  #reply(
    session: VirtualMqttSession,
    method: "app_bind_token_reply" | "bind_device_query_reply",
    clientToken: string,
    isYes: boolean,
  ): void {
    const message = {
      method,
      clientToken,
      code: isYes ? 0 : 1,
      status: isYes ? "success" : "failed",
    } as const;
    session.send(thingDownTopic("service", identity), encodeServiceDown(message, this.#context));
  }

  #answer(body: Uint8Array): Uint8Array {
    const parsed: unknown = JSON.parse(decodeUtf8(body) ?? "{}");
    // Requests come from the app client, which always sends an object; what stands in it is still unknown.
    const request = parsed as Readonly<Record<string, unknown>>;
    const id = String(request["RequestId"]);
    const data = this.#act(String(request["Action"]), String(request["Token"]));
    const reply =
      data === undefined
        ? formatAppFailure("BIND_TOKEN_UNKNOWN", "The token is not known or not in use", id)
        : formatAppReply(data, id);
    return encodeUtf8(JSON.stringify(reply));
  }

  #act(action: string, token: string): Record<string, unknown> | undefined {
    const state = this.#tokens.get(token);
    const device = { ProductId: identity.productId, DeviceName: identity.deviceName };
    switch (action) {
      case "AppCreateDeviceBindToken": {
        const made = randomText(this.#random, 32);
        this.#tokens.set(made, "made");
        return { Token: made };
      }
      case "AppGetDeviceBindTokenState":
        if (state === undefined) return undefined;
        return state === "reported" ? { State: 2, ...device } : { State: 1 };
      case "AppTokenBindDeviceFamily": {
        if (state !== "reported") return undefined;
        this.isBound = true;
        const message = { method: "bind_device", clientToken: "bind" } as const;
        this.broker.publish(thingDownTopic("service", identity), encodeServiceDown(message, this.#context));
        return {};
      }
      case "AppGetFamilyList":
        return { FamilyList: [{ FamilyId: "home", FamilyName: "Home", Role: 1 }], Total: 1 };
      default:
        throw new Error(`The field cloud does not know ${action}`);
    }
  }

  get #context(): Parameters<typeof encodeServiceDown>[1] {
    return { device: identity, timestampS: Math.floor(this.#nowMs / 1000) };
  }

  get #nowMs(): number {
    return this.#clock.wallMs() ?? 0;
  }
}
