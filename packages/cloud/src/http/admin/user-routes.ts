import { Secret, softApError } from "@softap/protocol";
import { Type } from "typebox";
import type { Account, Accounts } from "../../rules/accounts.ts";
import type { AdminScope } from "./admin-routes.ts";
import { okReply, pageOf, pageQuery } from "./schemas.ts";

const userPath = Type.Object({ userId: Type.String() });

/** Users of the admin API. */
export function userRoutes(scope: AdminScope, accounts: Accounts): void {
  scope.post(
    "/users",
    {
      schema: {
        body: Type.Object(
          {
            email: Type.Optional(Type.String({ pattern: "^[^@\\s]{1,64}@[^@\\s]{1,189}$" })),
            phoneNumber: Type.Optional(Type.String({ pattern: "^[0-9 -]{4,32}$" })),
            countryCode: Type.Optional(Type.String({ pattern: "^\\+?[0-9]{1,4}$" })),
            password: Type.String({ minLength: 8, maxLength: 256 }),
            nickName: Type.Optional(Type.String({ maxLength: 128 })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { email, phoneNumber, countryCode = "86", password, nickName = "" } = request.body;
      if ((email === undefined) === (phoneNumber === undefined))
        throw softApError("APP_PARAMETER_INVALID", "A user has either email or phoneNumber");
      const account = await accounts.create({
        name: email === undefined ? { countryCode, phoneNumber: phoneNumber ?? "" } : { email },
        password: Secret.of(password),
        nickName,
      });
      reply.status(201);
      return userView(account);
    },
  );
  scope.get("/users", { schema: { querystring: pageQuery } }, async (request) => {
    const { items, total } = await accounts.list(pageOf(request.query));
    return { users: items.map(userView), total };
  });
  scope.get("/users/:userId", { schema: { params: userPath } }, async (request) =>
    userView(await accounts.get(request.params.userId)),
  );
  scope.delete("/users/:userId", { schema: { params: userPath } }, async (request) => {
    await accounts.delete(request.params.userId);
    return okReply;
  });
}

function userView(account: Account): object {
  const { accountId, ...rest } = account;
  return { userId: accountId, ...rest };
}
