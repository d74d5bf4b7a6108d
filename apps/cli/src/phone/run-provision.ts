import { nodeClock, NodeDatagramSockets, nodeRandom } from "@softap/node";
import { type Failure as DeviceFailure, provision, type RetryInput } from "@softap/phone";
import type { CancelSignal, Log } from "@softap/ports";
import { encodeUtf8, isSoftApError, type Secret, ssidProblem } from "@softap/protocol";
import type { ProvisionCommandOptions } from "../commands/provision.ts";
import { canAsk } from "../config/secret-source.ts";
import { askPassphrase, obtainPassphrase } from "../config/wifi-passphrase.ts";
import { describeError } from "../exit.ts";
import { createLog } from "../logging.ts";
import { DeviceNarrator } from "../reporter/device-narrator.ts";
import { createReporter, type Reporter } from "../reporter/reporter.ts";
import { stopSignal } from "../signals.ts";
import { actingAccount } from "./app-client.ts";
import { outcomeOf } from "./outcome.ts";
import { PhoneNarrator } from "./phone-narrator.ts";
import type { SoftApJoin } from "./soft-ap-join.ts";

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
  let join: SoftApJoin | undefined;
  try {
    if (options.join === true) join = await tellSearch(options, { reporter, log, signal: stop.signal });
    const provisioning = provision({
      cloud: account.client,
      network: { ssid, ...(passphrase === undefined ? {} : { passphrase }) },
      ...(join === undefined ? {} : { softAp: softApOf(join) }),
      device: { address: host, port },
      ...(familyId === undefined ? {} : { familyId }),
      ...(roomId === undefined ? {} : { roomId }),
      ...(region === undefined ? {} : { region }),
      profile,
      retry,
      ports: {
        clock: nodeClock,
        random: nodeRandom,
        datagrams: new NodeDatagramSockets(),
        ...(join === undefined ? {} : { wifi: join.wifi }),
        log,
      },
      ...(deadline === undefined ? {} : { limits: { verdictTimeoutMs: deadline * 1000 } }),
      signal: stop.signal,
    });
    for await (const step of provisioning) narrator.tell(step);
    const outcome = await outcomeOf(await provisioning.result, { ...account, lang });
    await reporter.finished(outcome);
    return outcome.failure?.exit ?? 0;
  } finally {
    // Until the computer is back on its network a signal must not end the process.
    await join?.close();
    stop.release();
  }
}

/** Looks for the soft AP and tells so. */
async function tellSearch(
  options: ProvisionCommandOptions,
  { reporter, log, signal }: { reporter: Reporter; log: Log; signal: CancelSignal },
): Promise<SoftApJoin> {
  // Loaded only here: without --join nothing of the system's Wi-Fi is needed.
  const { findSoftAp } = await import("./soft-ap-join.ts");
  const step = reporter.step("phone", "findSoftAp");
  const onFound = async (name: string): Promise<void> => {
    step.done(name, { softApSsid: name });
    await reporter.settled();
  };
  try {
    return await findSoftAp(options, { log, signal, onFound });
  } catch (error) {
    step.failed(describeError(error, options.lang));
    await reporter.settled();
    throw error;
  }
}

function softApOf({ softAp }: SoftApJoin): { ssid: Uint8Array; passphrase?: Secret } {
  const { ssid, passphrase } = softAp;
  return { ssid, ...(passphrase === undefined ? {} : { passphrase }) };
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
