import { Secret, softApError } from "@softap/protocol";
import { Type } from "typebox";
import type { Account, AccountName, Login } from "../../rules/accounts.ts";
import type { Rules } from "../../rules/rules.ts";
import { type Action, openAction, userAction } from "./action.ts";

/** Logging in and out, and who one is. */
export function accountActions({ accounts }: Rules): Readonly<Record<string, Action>> {
  return {
    AppGetToken: openAction(
      "password",
      Type.Object({
        Type: Type.Optional(Type.Union([Type.Literal("phone"), Type.Literal("email")])),
        CountryCode: Type.Optional(Type.String({ maxLength: 8 })),
        PhoneNumber: Type.Optional(Type.String({ maxLength: 32 })),
        Email: Type.Optional(Type.String({ maxLength: 254 })),
        Password: Type.String({ minLength: 1, maxLength: 256 }),
      }),
      async (parameters, { address }) =>
        loginReply(
          await accounts.loginByPassword({
            name: nameOf(parameters),
            password: Secret.of(parameters.Password),
            address,
          }),
        ),
    ),
    AppGetTokenByWeiXin: openAction(
      "signature",
      Type.Object({
        WxOpenID: Type.String({ minLength: 1, maxLength: 128 }),
        NickName: Type.Optional(Type.String({ maxLength: 128 })),
        Avatar: Type.Optional(Type.String({ maxLength: 1024 })),
      }),
      async ({ WxOpenID, NickName = "", Avatar = "" }) =>
        loginReply(await accounts.loginByWeiXin({ weiXinId: WxOpenID, nickName: NickName, avatar: Avatar })),
    ),
    AppGetUser: userAction(Type.Object({}), async (_parameters, { account }) => ({
      Data: userData(account),
    })),
    AppLogoutUser: userAction(Type.Object({}), async (_parameters, { accessToken }) => {
      await accounts.logout(accessToken);
      return { Data: "OK" };
    }),
  };
}

function nameOf(parameters: {
  Type?: "phone" | "email";
  CountryCode?: string;
  PhoneNumber?: string;
  Email?: string;
}): AccountName {
  const { Email, PhoneNumber, CountryCode = "86" } = parameters;
  const kind = parameters.Type ?? (Email === undefined ? "phone" : "email");
  if (kind === "email") {
    if (Email === undefined) throw softApError("APP_PARAMETER_MISSING", "Parameter Email is missing");
    return { email: Email };
  }
  if (PhoneNumber === undefined)
    throw softApError("APP_PARAMETER_MISSING", "Parameter PhoneNumber is missing");
  return { countryCode: CountryCode, phoneNumber: PhoneNumber };
}

function loginReply(login: Login): { Data: { ExpireAt: number; Token: string } } {
  return { Data: { ExpireAt: login.expiresAtS, Token: login.accessToken.reveal() } };
}

function userData(account: Account): object {
  const [countryCode = "", phoneNumber = ""] = account.phone?.split("-") ?? [];
  return {
    UserID: account.accountId,
    NickName: account.nickName,
    Avatar: account.avatar,
    CountryCode: countryCode,
    PhoneNumber: phoneNumber,
    Email: account.email ?? "",
    WxOpenID: account.weiXinId ?? "",
  };
}
