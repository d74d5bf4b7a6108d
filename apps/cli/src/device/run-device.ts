import { Device, type DeviceEvent } from "@softap/device";
import type { Portal } from "@softap/device/portal";
import { FileStore, nodeClock, nodePorts } from "@softap/node";
import { asSoftApError, type ErrorCode, protocolLimits } from "@softap/protocol";
import type { DeviceCommandOptions } from "../commands/device.ts";
import { defaultDeviceState } from "../config/paths.ts";
import { describeCode } from "../exit.ts";
import { createLog } from "../logging.ts";
import { createReporter, type Outcome, type Reporter } from "../reporter/reporter.ts";
import { onButton, stopped, stopSignal } from "../signals.ts";
import { Properties } from "./properties.ts";
import { readCredentials, readSoftApPassphrase } from "./settings.ts";
import { EventTeller } from "./event-teller.ts";
import { DeviceStepNarrator } from "./step-narrator.ts";
import { LiveStatusFile } from "./live-status.ts";
import { type OpenRadio, openRadio } from "./radio.ts";
import { ServiceManager } from "../service/service-manager.ts";

/** How the first session of `--once` ended. */
type Ending =
  | { readonly result: "bound" | "joined" }
  | { readonly result: "failed"; readonly code: ErrorCode };

/** Name under which apps look for the log of a device. */
const logSoftApSsid = "ESP-LOG-QUERY";

/** Address on which a device with a virtual radio listens: nobody else on the machine's networks shall provision it. */
const virtualAddress = "127.0.0.1";

/** Address of a device on the soft AP of a real radio. */
const softApAddress = "192.168.4.1";

/**
 * Runs a device until SIGINT or SIGTERM, or with `--once` until its first session has ended.
 *
 * @returns The exit code: that of the verdict with `--once`, else 0.
 * @throws {SoftApError} before it runs: `USAGE`, `CONFIG_INVALID`, `FILE_NOT_FOUND`, `ADDRESS_IN_USE`, `STORE_LOCKED`, …
 */
export async function runDevice(options: DeviceCommandOptions): Promise<number> {
  const { productId, deviceName } = options;
  const address = options.address ?? (options.wifi === "virtual" ? virtualAddress : undefined);
  const softAp = {
    ssid: options.softApSsid ?? defaultSsid(deviceName),
    channel: options.softApChannel,
    ...optional("passphrase", await readSoftApPassphrase(options)),
  };
  const credentials = await readCredentials(options);
  const log = await createLog({ source: "device", threshold: options.logLevel });
  const reporter = await createReporter(options);
  const folder = options.state ?? defaultDeviceState(productId, deviceName);
  const store = await FileStore.open(folder);
  const stop = stopSignal();
  let wifi: OpenRadio | undefined;
  let properties: Properties | undefined;
  try {
    wifi = await openRadio(options, { store, log, signal: stop.signal });
    const manager = new ServiceManager({ log });
    const portal = await portalOf(options, address);
    const ports = nodePorts();
    const device = new Device({
      identity: { productId, deviceName, ...optional("productRegion", options.productRegion) },
      credentials,
      cloud: {
        mqttHost: options.cloudHost,
        mqttPort: options.mqttPort ?? (options.security === "password" ? 1883 : 8883),
        registration: {
          url: options.registrationUrl ?? `http://${options.cloudHost}:8080`,
          form: options.registrationForm === "1" ? 1 : 2,
        },
      },
      server: { ...optional("address", address), port: options.port, logPort: options.logPort },
      bindMode: options.bindMode,
      supervisor: { policy: options.policy, openAfterMs: options.openAfter * 1000 },
      softAp,
      ...optional("portal", portal),
      ports: { ...ports, radio: wifi.radio, store, log },
    });
    properties =
      options.properties === undefined
        ? undefined
        : await Properties.open({
            file: options.properties,
            device,
            address: { productId, deviceName },
            log,
          });
    const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
    const teller = new EventTeller({
      reporter,
      address: address ?? softApAddress,
      ssid: softAp.ssid,
      narrator: new DeviceStepNarrator({ reporter, language: options.lang }),
    });
    const status = new LiveStatusFile({
      folder,
      productId,
      deviceName,
      nowS: () => Math.floor((nodeClock.wallMs() ?? 0) / 1000),
    });
    const endEvents = device.onEvent((event) => {
      // Joining a network leaves the processor idle for seconds. What cannot be loaded is told when it is needed.
      if (event.type === "step" && event.step.name === "joiningNetwork")
        void ports.mqtt.prepare().catch(() => undefined);
      teller.tell(event);
      if (event.type === "listening") tellPortal(portal, reporter);
      status.tell(event);
      properties?.tell(event, device.isProvisioningSuccessful());
      const ending = endingOf(event);
      if (ending !== undefined) end(ending);
    });
    const startedMs = nodeClock.monotonicMs();
    const parts = { reporter, lang: options.lang };
    const releaseButtons = [
      onButton("SIGUSR1", () => tellRefusal(device.startSoftAp(softAp), parts)),
      onButton("SIGUSR2", () => tellRefusal(showLogPassphrase(device, reporter), parts)),
    ];
    try {
      if (options.reset === true) await device.factoryReset();
      if (options.logMode === true) await showLogPassphrase(device, reporter);
      else await device.start();
      if (options.openSoftAp === true && device.localPort === undefined) await device.startSoftAp(softAp);
      await manager.ready();
      if (options.once !== true) {
        await stopped(stop.signal);
        return 0;
      }
      void stopped(stop.signal).then(() => end({ result: "failed", code: "CANCELED" }));
      // Without an open soft AP no provisioning will come: the last one counts.
      if (device.localPort === undefined && device.isProvisioningSuccessful()) end({ result: "bound" });
      const ending = await ended;
      endEvents();
      const outcome = outcomeOf(ending, {
        deviceId: `${productId}/${deviceName}`,
        elapsedMs: nodeClock.monotonicMs() - startedMs,
        lang: options.lang,
      });
      await reporter.finished(outcome);
      return outcome.failure?.exit ?? 0;
    } finally {
      for (const release of releaseButtons) release();
      await manager.stopping();
      await device.stop();
      await status.settled();
    }
  } finally {
    stop.release();
    await properties?.close();
    await wifi?.close();
    await store.close();
  }
}

/** A button that comes at a wrong moment, such as while an attempt is under way, changes nothing; it is told why. */
async function tellRefusal(
  opening: Promise<void>,
  parts: { reporter: Reporter; lang: DeviceCommandOptions["lang"] },
): Promise<void> {
  try {
    await opening;
  } catch (error) {
    const { code, text } = describeCode(asSoftApError(error).code, parts.lang);
    parts.reporter.fact("softApNotOpened", { en: text, zh: text }, { code });
  }
}

/** The page for people without an app. Nobody asks a virtual radio's device for names. */
async function portalOf(
  options: DeviceCommandOptions,
  address: string | undefined,
): Promise<Portal | undefined> {
  const { portal: mode, portalPort: port, wifi } = options;
  if (mode === "off") return undefined;
  const { Portal } = await import("@softap/device/portal");
  return new Portal({
    mode,
    port,
    ...(wifi === "virtual" ? { dnsPort: "off" } : {}),
    ...optional("address", address),
  });
}

function tellPortal(portal: Portal | undefined, reporter: Reporter): void {
  const url = portal?.url;
  if (url === undefined) return;
  reporter.fact("portal", { en: `The portal is at ${url}`, zh: `配网页面位于 ${url}` }, { url });
}

/** The person needs it to get onto the log soft AP, and only this device knows it. */
async function showLogPassphrase(device: Device, reporter: Reporter): Promise<void> {
  const passphrase = (await device.startLogSoftAp()).reveal();
  reporter.fact(
    "logMode",
    {
      en: `Soft AP ${logSoftApSsid} is open; its passphrase is ${passphrase}`,
      zh: `热点 ${logSoftApSsid} 已开启，密码为 ${passphrase}`,
    },
    { softApSsid: logSoftApSsid, passphrase },
  );
}

/**
 * Whether an event is the end that `--once` waits for. Once the binding is complete nobody needs the soft AP any more, so
 * its lingering is not waited for.
 */
function endingOf(event: DeviceEvent): Ending | undefined {
  if (event.type === "bound") return event.isConfirmed ? { result: "bound" } : undefined;
  if (event.type !== "sessionEnded") return undefined;
  const { result, code } = event;
  if (result === "bound" || result === "joined") return { result };
  return { result: "failed", code: result === "stopped" ? "CANCELED" : (code ?? "SESSION_EXPIRED") };
}

function outcomeOf(
  ending: Ending,
  run: { deviceId: string; elapsedMs: number; lang: DeviceCommandOptions["lang"] },
): Outcome {
  const { deviceId, elapsedMs, lang } = run;
  return ending.result === "failed"
    ? { verdict: "failed", deviceId, elapsedMs, failure: describeCode(ending.code, lang) }
    : { verdict: ending.result, deviceId, elapsedMs };
}

/** `softap-` and the device name, cut to what a network name can hold. */
function defaultSsid(deviceName: string): string {
  return `softap-${deviceName}`.slice(0, protocolLimits.maxSsidBytes);
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  // A computed key widens to string; the only key made here is `name`.
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: Value };
}
