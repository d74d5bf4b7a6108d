import type { Device } from "@softap/device";
import { nodeClock, NodeDatagramSockets, nodeRandom } from "@softap/node";
import { AppClient, provision, type Provisioning, type Verdict } from "@softap/phone";
import type { DatagramSockets, Log } from "@softap/ports";
import { InternalError, Secret } from "@softap/protocol";
import { LossyDatagramSockets, SeededRandom } from "@softap/virtual";
import type { DemoOptions } from "../commands/demo.ts";
import { DeviceStepNarrator } from "../device/step-narrator.ts";
import { describeError } from "../exit.ts";
import { createLog } from "../logging.ts";
import { appClient } from "../phone/app-client.ts";
import { outcomeOf } from "../phone/outcome.ts";
import { PhoneNarrator } from "../phone/phone-narrator.ts";
import { createReporter, type Outcome, type Reporter, type StepHandle } from "../reporter/reporter.ts";
import { stopSignal } from "../signals.ts";
import { DemoCloud, demoAddress } from "./demo-cloud.ts";
import { demoDevice, demoNetwork, exchangeMessage } from "./demo-device.ts";

/** What the person of `--wrong-passphrase` types first. */
const wrongPassphrase = Secret.of("abcd12345");

/**
 * Lets a device become bound in front of the reader's eyes: cloud, device and phone in this process, real sockets between them.
 *
 * @returns The exit code.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const startedMs = nodeClock.monotonicMs();
  const reporter = await createReporter(options);
  const demo = new Demo(options, reporter);
  const stop = stopSignal();
  let outcome: Outcome;
  try {
    const end = await demo.run(stop.signal);
    outcome = { ...end, elapsedMs: nodeClock.monotonicMs() - startedMs };
  } catch (error) {
    const failure = demo.failed(error);
    outcome = {
      verdict: "failed",
      deviceId: undefined,
      elapsedMs: nodeClock.monotonicMs() - startedMs,
      failure,
    };
  } finally {
    await demo.close();
    stop.release();
  }
  await reporter.finished(outcome);
  return outcome.failure?.exit ?? 0;
}

/** One run of the demo, and what has to be closed after it. */
class Demo {
  readonly #options: DemoOptions;
  readonly #reporter: Reporter;
  readonly #opened: (() => Promise<void>)[] = [];
  #step: StepHandle | undefined;

  constructor(options: DemoOptions, reporter: Reporter) {
    this.#options = options;
    this.#reporter = reporter;
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const { lang, slow = false, logLevel: threshold } = this.#options;
    const reporter = this.#reporter;
    const cloudLog = await createLog({ source: "cloud", threshold });

    this.#step = reporter.step("cloud", "startCloud");
    const cloud = await DemoCloud.start(cloudLog);
    this.#opened.push(() => cloud.running.stop());
    const { httpPort, mqttsPort } = cloud.running;
    this.#step.done(`${demoAddress}, HTTP ${httpPort}, MQTT with TLS ${mqttsPort}`, { httpPort, mqttsPort });

    this.#step = reporter.step("cloud", "createProduct");
    const product = await cloud.createProduct();
    this.#step.done(product.productId, { productId: product.productId });

    this.#step = reporter.step("phone", "logIn");
    const { email, password } = await cloud.createUser();
    const client = appClient(cloud.url);
    await client.login({ email, password });
    this.#step.done(email, { account: email });

    this.#step = reporter.step("device", "openSoftAp");
    const log = await createLog({ source: "device", threshold });
    const device = demoDevice({ cloud, product, isSlow: slow, log });
    this.#opened.push(() => device.stop());
    await device.start();
    const port = device.localPort;
    if (port === undefined) throw new InternalError("INTERNAL", "The device opened no soft AP");
    this.#step.done(`${demoAddress}:${port}`, { port });

    const verdict = await this.#provision({ client, device, port, signal });
    const outcome = await outcomeOf(verdict, { client, name: email, lang });
    if (outcome.verdict !== "bound") return outcome;

    this.#step = reporter.step("device", "exchangeMessage");
    const topic = await exchangeMessage(device, product);
    this.#step.done(topic, { topic });
    return outcome;
  }

  /** Ends the step that is going on with an error. @returns The error in words. */
  failed(error: unknown): NonNullable<Outcome["failure"]> {
    const failure = describeError(error, this.#options.lang);
    this.#step?.failed(failure);
    return failure;
  }

  /** Closes what was opened, last first. */
  async close(): Promise<void> {
    for (const close of this.#opened.toReversed()) await close();
  }

  async #provision(parts: {
    client: AppClient;
    device: Device;
    port: number;
    signal: AbortSignal;
  }): Promise<Verdict> {
    const { client, device, port, signal } = parts;
    const { lang, wrongPassphrase: isWrongFirst = false, logLevel: threshold } = this.#options;
    const reporter = this.#reporter;
    const log = await createLog({ source: "phone", threshold });
    const deviceNarrator = new DeviceStepNarrator({ reporter, language: lang });
    const phoneNarrator = new PhoneNarrator({ reporter, language: lang });
    const endEvents = device.onEvent((event) => {
      if (event.type === "step") deviceNarrator.tell(event.step);
    });
    const provisioning: Provisioning = provision({
      cloud: client,
      network: {
        ssid: demoNetwork.ssid,
        passphrase: isWrongFirst ? wrongPassphrase : demoNetwork.passphrase,
      },
      device: { address: demoAddress, port },
      retry: async ({ retry }) =>
        isWrongFirst && retry === "input" ? { passphrase: demoNetwork.passphrase } : undefined,
      ports: { clock: nodeClock, random: nodeRandom, datagrams: this.#air(log), log },
      signal,
    });
    for await (const step of provisioning) phoneNarrator.tell(step);
    endEvents();
    return provisioning.result;
  }

  /** The phone's way to the device: real sockets, or real sockets behind bad air. */
  #air(log: Log): DatagramSockets {
    const { loss } = this.#options;
    const sockets = new NodeDatagramSockets();
    if (loss === 0) return sockets;
    const seed = this.#options.seed ?? new DataView(nodeRandom.bytes(4).buffer).getUint32(0);
    log.info("bad air", { loss, seed });
    const percent = Math.round(loss * 100);
    this.#reporter.fact(
      "badAir",
      {
        en: `Datagrams get lost: ${percent} % each way, seed ${seed}`,
        zh: `数据包丢失率：每个方向 ${percent} %，随机种子 ${seed}`,
      },
      { loss, seed },
    );
    return new LossyDatagramSockets({ sockets, clock: nodeClock, random: new SeededRandom(seed), loss });
  }
}
