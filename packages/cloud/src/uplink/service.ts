import {
  decodeServiceUp,
  encodeServiceDown,
  errorRegistry,
  type ErrorEntry,
  ProtocolError,
  type ServiceDownMessage,
  type SoftApError,
  thingDownTopic,
} from "@softap/protocol";
import type { DeviceGateway, Uplink } from "../gateway.ts";
import type { BindTokens } from "../rules/bind-tokens.ts";
import type { Bindings } from "../rules/bindings.ts";
import { deviceIdOf } from "../rules/device-id.ts";
import { nowS, type RulesContext } from "../rules/rules-context.ts";

/** `code` of `bind_device_query_reply` when the device belongs to nobody. */
const notBoundCode = 1;

/** Answers what devices ask on their service topic: report a token, ask for the binding, ask to be untied. */
export class ServiceUplink {
  readonly #gateway: DeviceGateway;
  readonly #tokens: BindTokens;
  readonly #bindings: Bindings;
  readonly #context: RulesContext;

  constructor(
    parts: { gateway: DeviceGateway; tokens: BindTokens; bindings: Bindings },
    context: RulesContext,
  ) {
    this.#gateway = parts.gateway;
    this.#tokens = parts.tokens;
    this.#bindings = parts.bindings;
    this.#context = context;
  }

  /** Resolves when the verdict is stored and the answer is on its way. */
  async handle(uplink: Uplink): Promise<void> {
    const { log } = this.#context;
    const { device } = uplink;
    const deviceId = deviceIdOf(device);
    const message = decodeServiceUp(uplink.payload);
    if (message instanceof ProtocolError) {
      log.info("service message ignored", { deviceId, code: message.code });
      return;
    }
    const { clientToken } = message;
    switch (message.method) {
      case "app_bind_token": {
        const refusal = await this.#tokens.report(device, message.token);
        log.info(refusal === undefined ? "bind token accepted" : "bind token refused", {
          deviceId,
          code: refusal?.code,
          trace: message.trace,
        });
        await this.#reply(uplink, { method: "app_bind_token_reply", clientToken, ...replyCode(refusal) });
        return;
      }
      case "bind_device_query": {
        const isBound = (await this.#bindings.find(device)) !== undefined;
        await this.#reply(uplink, {
          method: "bind_device_query_reply",
          clientToken,
          ...(isBound ? { code: 0, status: "success" } : { code: notBoundCode, status: "not bound" }),
        });
        return;
      }
      case "unbind_device_request":
        await this.#bindings.unbindByDevice(device);
        await this.#reply(uplink, { method: "unbind_device_reply", clientToken, code: 0, status: "success" });
    }
  }

  async #reply({ device }: Uplink, message: ServiceDownMessage): Promise<void> {
    const payload = encodeServiceDown(message, { device, timestampS: nowS(this.#context) });
    await this.#gateway.push(device, { topic: thingDownTopic("service", device), payload });
  }
}

function replyCode(refusal: SoftApError | undefined): { code: number; status: string } {
  if (refusal === undefined) return { code: 0, status: "success" };
  const entry: ErrorEntry = errorRegistry[refusal.code];
  return { code: entry.bindReply ?? errorRegistry.CLOUD_INTERNAL.bindReply, status: refusal.code };
}
