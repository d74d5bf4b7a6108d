import { UsageError } from "@softap/protocol";
import type { LoginOptions } from "../commands/login.ts";
import { saveAccount } from "../config/account-file.ts";
import { obtainSecret } from "../config/secret-source.ts";
import { createReporter } from "../reporter/reporter.ts";
import { appClient } from "./app-client.ts";

/**
 * Logs in and keeps the access token in the account file.
 *
 * @throws {SoftApError} `APP_LOGIN_FAILED`, `RATE_LIMITED`; `CONNECTION_REFUSED` and its kin; `USAGE`
 */
export async function runLogin(options: LoginOptions): Promise<void> {
  const { cloud, email, phone, countryCode, accountFile } = options;
  const name = email ?? phone;
  if (name === undefined)
    throw new UsageError("USAGE", "Whose account is it?", {
      context: { help: "Give --email <address> or --phone <number>" },
    });
  const password = await obtainSecret({
    what: `password of ${name}`,
    file: options.passwordFile,
    option: "--password-file",
    env: "SOFTAP_PASSWORD",
    mayAsk: options.json !== true,
  });
  const who = email === undefined ? { phoneNumber: name, countryCode } : { email };
  const { token, expiresAtS } = await appClient(cloud).login({ ...who, password });
  await saveAccount(accountFile, { cloud, name, accessToken: token, expiresAtS });
  const reporter = await createReporter(options);
  reporter.fact(
    "loggedIn",
    {
      en: `Logged in to ${cloud} as ${name}; kept in ${accountFile}`,
      zh: `已登录 ${cloud}（${name}），登录信息保存在 ${accountFile}`,
    },
    {
      cloud,
      account: name,
      expiresAtS,
      accountFile,
    },
  );
  await reporter.settled();
}
