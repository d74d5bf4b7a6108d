import { Secret } from "@softap/protocol";
import { Type } from "typebox";
import { defaultRoomId } from "../../rules/families.ts";
import type { Rules } from "../../rules/rules.ts";
import { type Action, userAction } from "./action.ts";
import { deviceFields, deviceOf, idSchema, tokenSchema } from "./parameters.ts";

const roomSchema = Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()]));

/** From a fresh token to a device in a family. */
export function bindActions({
  bindTokens,
  bindings,
  signedBindings,
}: Rules): Readonly<Record<string, Action>> {
  const bindBySignature = userAction(
    Type.Object({
      ...deviceFields,
      FamilyId: idSchema,
      RoomId: roomSchema,
      ConnId: Type.String({ minLength: 1, maxLength: 64 }),
      DeviceTimestamp: Type.Union([Type.Integer(), Type.String({ pattern: "^\\d{1,12}$" })]),
      Signature: Type.String({ minLength: 40, maxLength: 64 }),
      SignMethod: Type.Optional(Type.Union([Type.Literal("hmacsha1"), Type.Literal("hmacsha256")])),
    }),
    async (parameters, { account }) => {
      await signedBindings.bind({
        accountId: account.accountId,
        proof: {
          device: deviceOf(parameters),
          connId: parameters.ConnId,
          timestampS: Number(parameters.DeviceTimestamp),
          algorithm: parameters.SignMethod === "hmacsha256" ? "sha256" : "sha1",
          signature: parameters.Signature,
        },
        familyId: parameters.FamilyId,
        roomId: roomOf(parameters),
      });
      return {};
    },
  );
  return {
    AppSigBindDeviceInFamily: bindBySignature,
    // Under this name the vendor's JavaScript calls it.
    addDeviceBySigInFamily: bindBySignature,
    AppGetMultiDeviceBindTokenState: userAction(
      Type.Object({ Token: tokenSchema }),
      async ({ Token }, { account }) => {
        const found = await bindTokens.state(account.accountId, Secret.of(Token));
        if (found.state === 1) return { Data: [] };
        const { productId: ProductId, deviceName: DeviceName } = found.device;
        return { Data: [{ ProductId, DeviceName, State: 2 }] };
      },
    ),
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
        RoomId: roomSchema,
      }),
      async (parameters, { account }) => {
        await bindings.bind({
          accountId: account.accountId,
          token: Secret.of(parameters.Token),
          device: deviceOf(parameters),
          familyId: parameters.FamilyId,
          roomId: roomOf(parameters),
        });
        return {};
      },
    ),
  };
}

/** Apps leave the default room out, or empty. */
function roomOf({ RoomId }: { RoomId?: string | null }): string {
  return RoomId === undefined || RoomId === null || RoomId === "" ? defaultRoomId : RoomId;
}
