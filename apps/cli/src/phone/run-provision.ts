import { nodeClock, NodeDatagramSockets, nodeRandom } from "@softap/node";
import { type Failure as DeviceFailure, provision, type RetryInput } from "@softap/phone";
import { encodeUtf8, isSoftApError, type Secret, ssidProblem } from "@softap/protocol";
import type { ProvisionCommandOptions } from "../commands/provision.ts";
import { canAsk } from "../config/secret-source.ts";
import { askPassphrase, obtainPassphrase } from "../config/wifi-passphrase.ts";
import { describeError } from "../exit.ts";
import { createLog } from "../logging.ts";
import { DeviceNarrator } from "../reporter/device-narrator.ts";
import { createReporter } from "../reporter/reporter.ts";
import { stopSignal } from "../signals.ts";
import { actingAccount } from "./app-client.ts";
import { outcomeOf } from "./outcome.ts";
import { PhoneNarrator } from "./phone-narrator.ts";

/**
 * Provisions one device and tells how it went.
 *
 * @returns The exit code.
 * @throws {SoftApError} before anything was sent: `USAGE`, `SSID_LENGTH`, `PASSPHRASE_LENGTH`, `FILE_NOT_FOUND`, …
 */
export async function runProvision(options: ProvisionCommandOptions): Promise<number> {
  const { ssid, host, port, familyId, roomId, region, profile, deadline, lang } = options;
  const problem = ssidProblem(encodeUtf8(ssid));
  if (problem !== undefined) throw problem;
  const account = await actingAccount(options);
  const passphrase = await obtainNetworkPassphrase(options);
  const log = await createLog({ source: "phone", threshold: options.logLevel });
  const reporter = await createReporter(options);
  const narrator = new PhoneNarrator({ reporter, language: lang, device: new DeviceNarrator(reporter) });

  const retry = async (failure: DeviceFailure): Promise<RetryInput | undefined> => {
    narrator.deviceFailed(describeError(failure.error, lang), failure.attempt);
    if (failure.retry !== "input" || options.json === true || !canAsk()) return undefined;
    await reporter.settled();
    const again = await askAgain(ssid);
    return again === undefined ? undefined : { passphrase: again };
  };
  const stop = stopSignal();
  try {
    const provisioning = provision({
      cloud: account.client,
      network: { ssid, ...(passphrase === undefined ? {} : { passphrase }) },
      device: { address: host, port },
      ...(familyId === undefined ? {} : { familyId }),
      ...(roomId === undefined ? {} : { roomId }),
      ...(region === undefined ? {} : { region }),
      profile,
      retry,
      ports: { clock: nodeClock, random: nodeRandom, datagrams: new NodeDatagramSockets(), log },
      ...(deadline === undefined ? {} : { limits: { verdictTimeoutMs: deadline * 1000 } }),
      signal: stop.signal,
    });
    for await (const step of provisioning) narrator.tell(step);
    const outcome = await outcomeOf(await provisioning.result, { ...account, lang });
    await reporter.finished(outcome);
    return outcome.failure?.exit ?? 0;
  } finally {
    stop.release();
  }
}

function obtainNetworkPassphrase(options: ProvisionCommandOptions): Promise<Secret | undefined> {
  return obtainPassphrase({
    what: "Wi-Fi passphrase",
    file: options.passphraseFile,
    option: "--passphrase-file",
    env: "SOFTAP_WIFI_PASSPHRASE",
    mayAsk: options.json !== true,
    isOpen: options.open === true,
    question: `Passphrase of ${options.ssid}`,
  });
}

/** Asks once more. @returns `undefined` when the person gave up */
async function askAgain(ssid: string): Promise<Secret | undefined> {
  try {
    return await askPassphrase(`Passphrase of ${ssid}, once more`);
  } catch (error) {
    if (isSoftApError(error, "CANCELED")) return undefined;
    throw error;
  }
}
