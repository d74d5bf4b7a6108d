import { NodeHttpClient, nodeClock, nodeRandom } from "@softap/node";
import { AppClient } from "@softap/phone";
import { Secret, UsageError } from "@softap/protocol";
import { loadAccount } from "../config/account-file.ts";
import { environment } from "../config/environment.ts";

/** The account that a command acts for. */
export interface ActingAccount {
  readonly client: AppClient;
  readonly cloud: string;
  /** As it was typed at login; `undefined` when only a token is known. */
  readonly name: string | undefined;
}

/** A client of the app API. */
export function appClient(cloud: string, accessToken?: Secret): AppClient {
  return new AppClient({
    baseUrl: cloud,
    http: new NodeHttpClient(),
    clock: nodeClock,
    random: nodeRandom,
    ...(accessToken === undefined ? {} : { accessToken }),
  });
}

/**
 * The account of `softap login`, or of `SOFTAP_ACCESS_TOKEN`.
 *
 * @throws {UsageError} `USAGE` when there is neither, when the login has expired, or when it is of another cloud
 */
export async function actingAccount(options: {
  readonly cloud?: string;
  readonly accountFile: string;
}): Promise<ActingAccount> {
  const { cloud, accountFile } = options;
  const token = environment["SOFTAP_ACCESS_TOKEN"];
  if (token !== undefined && token !== "") {
    if (cloud === undefined)
      throw usage(
        "SOFTAP_ACCESS_TOKEN does not say of which cloud it is",
        "Give --cloud <url> or set SOFTAP_CLOUD_URL",
      );
    return { client: appClient(cloud, Secret.of(token)), cloud, name: undefined };
  }
  const account = await loadAccount(accountFile);
  const logIn = `Run "softap login${cloud === undefined ? "" : ` --cloud ${cloud}`}"`;
  if (account === undefined) throw usage("Nobody is logged in", logIn);
  if (cloud !== undefined && cloud !== account.cloud)
    throw usage(`The login is of ${account.cloud}, not of ${cloud}`, logIn);
  if (account.expiresAtS * 1000 <= (nodeClock.wallMs() ?? 0)) throw usage("The login has expired", logIn);
  return { client: appClient(account.cloud, account.accessToken), cloud: account.cloud, name: account.name };
}

function usage(message: string, help: string): UsageError {
  return new UsageError("USAGE", message, { context: { help } });
}
