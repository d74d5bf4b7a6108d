import { Secret } from "@softap/protocol";
import { Type } from "typebox";
import { defaultRoomId } from "../../rules/families.ts";
import type { Rules } from "../../rules/rules.ts";
import { type Action, userAction } from "./action.ts";
import { deviceFields, deviceOf, idSchema, tokenSchema } from "./parameters.ts";

/** From a fresh token to a device in a family. */
export function bindActions({ bindTokens, bindings }: Rules): Readonly<Record<string, Action>> {
  return {
    AppCreateDeviceBindToken: userAction(
      Type.Object({
        TokenLengthType: Type.Optional(Type.Union([Type.String({ maxLength: 8 }), Type.Integer()])),
      }),
      async ({ TokenLengthType }, { account, address }) => {
        const isShort = String(TokenLengthType ?? "") === "1";
        const token = await bindTokens.create({ accountId: account.accountId, isShort, address });
        return { Token: token.reveal() };
      },
    ),
    AppGetDeviceBindTokenState: userAction(
      Type.Object({ Token: tokenSchema }),
      async ({ Token }, { account }) => {
        const found = await bindTokens.state(account.accountId, Secret.of(Token));
        if (found.state === 1) return { State: 1 };
        return { State: 2, ProductId: found.device.productId, DeviceName: found.device.deviceName };
      },
    ),
    AppTokenBindDeviceFamily: userAction(
      Type.Object({
        Token: tokenSchema,
        ...deviceFields,
        FamilyId: idSchema,
        RoomId: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
      }),
      async (parameters, { account }) => {
        const { RoomId } = parameters;
        await bindings.bind({
          accountId: account.accountId,
          token: Secret.of(parameters.Token),
          device: deviceOf(parameters),
          familyId: parameters.FamilyId,
          roomId: RoomId === undefined || RoomId === null || RoomId === "" ? defaultRoomId : RoomId,
        });
        return {};
      },
    ),
  };
}
