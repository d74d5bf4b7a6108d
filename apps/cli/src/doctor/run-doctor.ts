import { nodeClock } from "@softap/node";
import { errorRegistry, isSoftApError } from "@softap/protocol";
import type { DoctorCommandOptions } from "../commands/doctor.ts";
import { defaultDeviceState } from "../config/paths.ts";
import { readCredentials } from "../device/settings.ts";
import { stopSignal } from "../signals.ts";
import { otherChecks, radioChecks } from "./all-checks.ts";
import type { DoctorSettings } from "./check.ts";
import { CloudProbe } from "./cloud-probe.ts";
import { diagnose, type Finding } from "./diagnose.ts";
import { FindingsPrinter } from "./findings-printer.ts";
import { LinuxMachine } from "./machine.ts";

/** Longest run of all checks together, ms. */
const wholeTimeoutMs = 60_000;

/**
 * Looks at everything that provisioning on this machine depends on.
 *
 * @returns The exit code: that of the first check that failed, else 0.
 */
export async function runDoctor(options: DoctorCommandOptions): Promise<number> {
  const settings = await settingsOf(options);
  const stop = stopSignal();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(wholeTimeoutMs)]);
  const isJson = options.json === true;
  const printer = new FindingsPrinter({
    language: options.lang,
    isJson,
    write: (text) => void process.stdout.write(text),
    writeProgress: isJson || !process.stdout.isTTY ? undefined : (text) => void process.stdout.write(text),
  });
  const cloud = new CloudProbe(settings, signal);
  const fromMs = performance.now();
  try {
    const findings = await diagnose(
      settings.wifi === "virtual" ? otherChecks : [...radioChecks, ...otherChecks],
      {
        settings,
        machine: new LinuxMachine({ signal }),
        cloud,
        nowMs: () => nodeClock.wallMs() ?? 0,
        isRoot: process.getuid?.() === 0,
      },
      { listener: printer, signal },
    );
    printer.finished(findings, performance.now() - fromMs);
    return stop.signal.aborted ? errorRegistry.CANCELED.exit : exitOf(findings);
  } finally {
    stop.release();
    await cloud.close();
  }
}

function exitOf(findings: readonly Finding[]): number {
  const first = findings.map(({ result }) => result).find((result) => result.state === "fail");
  return first?.state === "fail" ? errorRegistry[first.code].exit : 0;
}

async function settingsOf(options: DoctorCommandOptions): Promise<DoctorSettings> {
  const { productId, deviceName } = options;
  const stateFolder =
    options.state ??
    (productId === undefined || deviceName === undefined
      ? undefined
      : defaultDeviceState(productId, deviceName));
  return {
    wifi: options.wifi,
    interfaceName: options.interface,
    port: options.port,
    logPort: options.logPort,
    portalPort: options.portal === "off" ? undefined : options.portalPort,
    cloudHost: options.hasCloudHost ? options.cloudHost : undefined,
    mqttPort: options.mqttPort ?? (options.security === "password" ? 1883 : 8883),
    productId,
    deviceName,
    stateFolder,
    ...(await credentialsOf(options)),
  };
}

async function credentialsOf(
  options: DoctorCommandOptions,
): Promise<Pick<DoctorSettings, "credentials" | "credentialsProblem">> {
  try {
    return { credentials: await readCredentials(options) };
  } catch (error) {
    if (!isSoftApError(error)) throw error;
    // Nothing given is no mistake here: the other checks are of use all the same.
    return error.code === "USAGE"
      ? { credentials: undefined }
      : { credentials: undefined, credentialsProblem: error };
  }
}
