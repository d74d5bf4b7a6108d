import {
  asSoftApError,
  type ErrorCode,
  errorRegistry,
  isAppRequestSigned,
  Secret,
  softApError,
} from "@softap/protocol";
import type { Account } from "../../rules/accounts.ts";
import type { Rules } from "../../rules/rules.ts";
import { nowS, type RulesContext } from "../../rules/rules-context.ts";
import { accountActions } from "./account-actions.ts";
import type { Action, Parameters, ReplyFields } from "./action.ts";
import { bindActions } from "./bind-actions.ts";
import { deviceActions } from "./device-actions.ts";
import { familyActions } from "./family-actions.ts";
import { propertyActions } from "./property-actions.ts";
import { reasonOf } from "../../reason.ts";

/** The app API without HTTP: which action, who asks, what is answered. */
export class AppApi {
  readonly #rules: Rules;
  readonly #context: RulesContext;
  readonly #actions: ReadonlyMap<string, Action>;

  constructor(rules: Rules, context: RulesContext) {
    this.#rules = rules;
    this.#context = context;
    this.#actions = new Map(
      Object.entries({
        ...accountActions(rules),
        ...bindActions(rules),
        ...familyActions(rules),
        ...deviceActions(rules),
        ...propertyActions(rules),
      }),
    );
  }

  /**
   * Runs one action.
   *
   * @param request.action - Name, where the parameters have none.
   * @throws {@link CloudError} with a code that the vendor's envelope knows
   */
  async run(request: { action: string; parameters: Parameters; address: string }): Promise<ReplyFields> {
    const { parameters, address } = request;
    const name = typeof parameters["Action"] === "string" ? parameters["Action"] : request.action;
    const action = this.#actions.get(name);
    if (action === undefined) throw softApError("APP_ACTION_UNKNOWN", "There is no such action");
    if (action.proof === "accessToken") {
      const accessToken = accessTokenOf(parameters);
      const account = await this.userOf(accessToken);
      return action.run(parameters, { account, accessToken, address });
    }
    // A password proves its caller by itself; a signature that is there must fit all the same.
    if (action.proof === "signature" || parameters["Signature"] !== undefined)
      this.#checkSignature(parameters);
    return action.run(parameters, { address });
  }

  /** Who an access token belongs to. @throws {@link CloudError} `APP_ACCESS_TOKEN_INVALID` */
  userOf(accessToken: Secret): Promise<Account> {
    return this.#rules.accounts.userOf(accessToken);
  }

  #checkSignature(parameters: Parameters): void {
    const { appKey, appSecret } = this.#rules.app;
    const isOurs = parameters["AppKey"] === appKey;
    if (!isOurs || !isAppRequestSigned(this.#context.crypto, parameters, appSecret))
      throw softApError("APP_SIGNATURE_INVALID", "AppKey or Signature is wrong");
    // A signature that somebody recorded must not log them in for ever.
    const ageS = nowS(this.#context) - Number(parameters["Timestamp"]);
    if (!(Math.abs(ageS) <= this.#context.limits.signatureAgeS))
      throw softApError("APP_SIGNATURE_INVALID", "Timestamp is missing or too far from now");
  }
}

/** Anything unexpected becomes the error that says nothing about our insides. */
export function publicError(error: unknown, context: RulesContext): { code: ErrorCode; message: string } {
  const known = asSoftApError(error);
  if ("app" in errorRegistry[known.code] && known.code !== "CLOUD_INTERNAL")
    return { code: known.code, message: known.message };
  context.log.error("request failed", { reason: reasonOf(error) });
  return { code: "CLOUD_INTERNAL", message: "Something went wrong in the cloud" };
}

/** @throws {@link CloudError} `APP_ACCESS_TOKEN_INVALID` when there is none */
export function accessTokenOf(parameters: Parameters): Secret {
  const token = parameters["AccessToken"];
  if (typeof token !== "string" || token === "")
    throw softApError("APP_ACCESS_TOKEN_INVALID", "AccessToken is missing");
  return Secret.of(token);
}
