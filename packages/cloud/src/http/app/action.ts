import { type Secret, softApError } from "@softap/protocol";
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Account } from "../../rules/accounts.ts";

/** A logged-in caller. */
export interface UserCall {
  readonly account: Account;
  readonly accessToken: Secret;
  readonly address: string;
}

/** A caller who has not logged in. */
export interface OpenCall {
  readonly address: string;
}

/** Fields of a reply, without the envelope. */
export type ReplyFields = Readonly<Record<string, unknown>>;

/** Parameters as they arrived. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * One action of the app API. `proof` is what its caller must show: an AccessToken, the AppKey's signature, or neither
 * because the action carries a password itself.
 */
export type Action =
  | { readonly proof: "accessToken"; run(parameters: Parameters, call: UserCall): Promise<ReplyFields> }
  | {
      readonly proof: "signature" | "password";
      run(parameters: Parameters, call: OpenCall): Promise<ReplyFields>;
    };

/** An action for logged-in users. */
export function userAction<S extends TSchema>(
  schema: S,
  run: (parameters: Static<S>, call: UserCall) => Promise<ReplyFields>,
): Action {
  const validate = validator(schema);
  return { proof: "accessToken", run: async (parameters, call) => run(validate(parameters), call) };
}

/** An action before login. */
export function openAction<S extends TSchema>(
  proof: "signature" | "password",
  schema: S,
  run: (parameters: Static<S>, call: OpenCall) => Promise<ReplyFields>,
): Action {
  const validate = validator(schema);
  return { proof, run: async (parameters, call) => run(validate(parameters), call) };
}

/** @throws {@link CloudError} `APP_PARAMETER_MISSING`, `APP_PARAMETER_INVALID` naming the parameter, never its value */
function validator<S extends TSchema>(schema: S): (parameters: Parameters) => Static<S> {
  const compiled = Compile(schema);
  return (parameters) => {
    if (compiled.Check(parameters)) return parameters;
    const [problem] = compiled.Errors(parameters);
    const missing =
      problem?.keyword === "required" ? problem.params.requiredProperties.join(", ") : undefined;
    if (missing !== undefined) throw softApError("APP_PARAMETER_MISSING", `Parameter ${missing} is missing`);
    const name = problem?.instancePath.split("/")[1] ?? "";
    throw softApError("APP_PARAMETER_INVALID", `Parameter ${name} ${problem?.message ?? "is not valid"}`);
  };
}
