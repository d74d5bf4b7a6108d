import { randomText } from "@softap/ports";
import { encodeUtf8, equalBytes, formatHex, Secret, softApError } from "@softap/protocol";
import { hashToken, type RulesContext } from "./rules-context.ts";
import type { SettingStore } from "./setting.ts";

/** What apps sign with before a user has logged in. */
export interface AppCredentials {
  readonly appKey: string;
  readonly appSecret: Secret;
}

/** The pair that apps sign with: as configured, else one that is made at the first start and kept. */
export async function loadAppCredentials(
  settings: SettingStore,
  context: RulesContext,
  configured: AppCredentials | undefined,
): Promise<AppCredentials> {
  if (configured !== undefined) return configured;
  const { random } = context;
  const made = `${randomText(random, 16)}:${randomText(random, 32)}`;
  const [appKey = "", appSecret = ""] = (await settings.getOrCreate("app-credentials", made)).split(":");
  return { appKey, appSecret: Secret.of(appSecret) };
}

/** The operator's token: 160 random bits, which nobody guesses; made once, shown once, stored as its hash. */
export class AdminAccess {
  readonly #hash: Uint8Array;
  readonly #context: RulesContext;

  private constructor(hash: string, context: RulesContext) {
    this.#hash = encodeUtf8(hash);
    this.#context = context;
  }

  /** @returns The access, and the token itself when it was made just now. */
  static async load(
    settings: SettingStore,
    context: RulesContext,
  ): Promise<{ access: AdminAccess; firstToken: Secret | undefined }> {
    const token = `sa_${formatHex(context.random.bytes(20))}`;
    const hash = hashToken(context, token);
    const kept = await settings.getOrCreate("admin-token", hash);
    return {
      access: new AdminAccess(kept, context),
      firstToken: kept === hash ? Secret.of(token) : undefined,
    };
  }

  /** @throws {@link CloudError} `ADMIN_TOKEN_INVALID` */
  check(token: string | undefined): void {
    if (!equalBytes(this.#hash, encodeUtf8(hashToken(this.#context, token ?? ""))))
      throw softApError("ADMIN_TOKEN_INVALID", "The admin token is missing or wrong");
  }
}
