import { decodeUtf8, encodeUtf8, isSoftApError, softApError, thingDownTopic } from "@softap/protocol";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { DeviceGateway, Uplink } from "../gateway.ts";
import { deviceIdOf } from "../rules/device-id.ts";
import type { Properties, Property, PropertyValues } from "../rules/properties.ts";
import type { RulesContext } from "../rules/rules-context.ts";

const message = Compile(
  Type.Object({
    method: Type.String({ maxLength: 32 }),
    clientToken: Type.Optional(Type.String({ maxLength: 128 })),
    type: Type.Optional(Type.String({ maxLength: 32 })),
    code: Type.Optional(Type.Integer()),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
);

/** Codes of the replies; the vendor's documentation knows only 0. */
const replyCode = { success: 0, refused: 1 } as const;

/**
 * Answers what devices say on their property topic.
 *
 * ```
 * → {"method":"report","clientToken":t,"params":{"power":1}}      ← {"method":"report_reply","clientToken":t,"code":0,"status":"success"}
 * → {"method":"get_status","clientToken":t}                       ← {"method":"get_status_reply",…,"data":{"reported":{…},"control":{…}}}
 * → {"method":"clear_control","clientToken":t}                    ← {"method":"clear_control_reply",…}
 * ← {"method":"control","clientToken":t,"params":{"power":0}}     → {"method":"control_reply","clientToken":t,"code":0}
 * → {"method":"report_info","clientToken":t,"params":{…}}         ← {"method":"report_info_reply",…}
 * ```
 */
export class PropertyUplink {
  readonly #gateway: DeviceGateway;
  readonly #properties: Properties;
  readonly #context: RulesContext;

  constructor(parts: { gateway: DeviceGateway; properties: Properties }, context: RulesContext) {
    this.#gateway = parts.gateway;
    this.#properties = parts.properties;
    this.#context = context;
  }

  /** Resolves when the values are stored and the answer is on its way. */
  async handle(uplink: Uplink): Promise<void> {
    const { device } = uplink;
    const fields = decode(uplink.payload);
    if (fields === undefined) {
      this.#context.log.info("property message ignored", { deviceId: deviceIdOf(device) });
      return;
    }
    const { method, clientToken = "" } = fields;
    switch (method) {
      case "report":
        await this.#reply(uplink, { method, clientToken, ...(await this.#report(uplink, fields)) });
        return;
      case "get_status": {
        const data = statusOf(await this.#properties.list(device));
        await this.#reply(uplink, { method, clientToken, ...success, type: fields.type, data });
        return;
      }
      case "clear_control":
        await this.#properties.taken(device);
        await this.#reply(uplink, { method, clientToken, ...success });
        return;
      case "control_reply":
        if (fields.code === undefined || fields.code === 0) await this.#properties.taken(device, clientToken);
        return;
      case "report_info":
        await this.#reply(uplink, { method, clientToken, ...success });
        return;
      default:
        this.#context.log.info("property message ignored", { deviceId: deviceIdOf(device) });
    }
  }

  async #report(
    { device }: Uplink,
    { params, clientToken = "" }: { params?: PropertyValues; clientToken?: string },
  ): Promise<object> {
    try {
      if (params === undefined) throw softApError("APP_PARAMETER_MISSING", "params is missing");
      await this.#properties.report(device, { values: params, clientToken });
      return success;
    } catch (error) {
      if (!isSoftApError(error) || error.entry.kind !== "cloud") throw error;
      return { code: replyCode.refused, status: error.code };
    }
  }

  async #reply(
    { device }: Uplink,
    { method, ...reply }: { method: string; clientToken: string; [field: string]: unknown },
  ): Promise<void> {
    const payload = encodeUtf8(JSON.stringify({ method: `${method}_reply`, ...reply }));
    await this.#gateway.push(device, { topic: thingDownTopic("property", device), payload });
  }
}

const success = { code: replyCode.success, status: "success" };

function decode(payload: Uint8Array): ReturnType<(typeof message)["Parse"]> | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(payload) ?? "");
    return message.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function statusOf(properties: readonly Property[]): object {
  const reported: Record<string, unknown> = {};
  const control: Record<string, unknown> = {};
  for (const property of properties) {
    if (property.reported !== undefined) reported[property.name] = property.reported.value;
    if (property.wanted !== undefined) control[property.name] = property.wanted.value;
  }
  return Object.keys(control).length === 0 ? { reported } : { reported, control };
}
