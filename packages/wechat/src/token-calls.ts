import type { BindTokenState, TokenCloud } from "@softap/phone";
import type { CancelSignal } from "@softap/ports";
import { type Fields, isFields, ProtocolError, Secret } from "@softap/protocol";

/** Calls one action of the app API as the logged-in account. @returns The fields of its reply */
export type CallAction = (action: string, parameters: object, signal: CancelSignal) => Promise<Fields>;

/** The account's calls about bind tokens, whoever carries them. */
export function tokenCalls(call: CallAction): TokenCloud {
  return {
    createBindToken: async ({ signal }) =>
      Secret.of(textOf(await call("AppCreateDeviceBindToken", {}, signal), "Token")),
    getBindTokenState: async (token, { signal }) =>
      tokenState(await call("AppGetDeviceBindTokenState", { Token: token.reveal() }, signal)),
    bindDeviceToFamily: async ({ token, productId, deviceName, familyId, roomId = "0" }, { signal }) => {
      const device = { ProductId: productId, DeviceName: deviceName };
      const where = { FamilyId: familyId, RoomId: roomId };
      await call("AppTokenBindDeviceFamily", { Token: token.reveal(), ...device, ...where }, signal);
    },
  };
}

/** A text that must be there. @throws {@link ProtocolError} `REPLY_INVALID` */
export function textOf(fields: Fields, name: string): string {
  return textOrNone(fields[name]) ?? missing(name);
}

/** The objects of a list that must be there. @throws {@link ProtocolError} `REPLY_INVALID` */
export function listOf(fields: Fields, name: string): readonly Fields[] {
  const list = fields[name];
  return Array.isArray(list) ? list.filter(isFields) : missing(name);
}

/** How far a token is, by the fields of a reply. */
export function tokenState(fields: Fields): BindTokenState {
  const { State: state, ProductId: productId, DeviceName: deviceName } = fields;
  return {
    state: typeof state === "number" ? state : 1,
    productId: textOrNone(productId),
    deviceName: textOrNone(deviceName),
  };
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function missing(name: string): never {
  throw new ProtocolError("REPLY_INVALID", `The reply has no ${name}`);
}
