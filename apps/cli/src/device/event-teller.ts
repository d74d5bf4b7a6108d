import type { DeviceEvent } from "@softap/device";
import { errorRegistry } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import type { ReportFields, Reporter } from "../reporter/reporter.ts";
import type { DeviceStepNarrator } from "./step-narrator.ts";

type Sentence = Readonly<Record<Language, string>>;

/** What the events without values of their own mean. */
const sentences = {
  unbound: { en: "The device has no owner any more.", zh: "设备已解绑。" },
  connected: { en: "The device is connected to the cloud.", zh: "设备已连接云端。" },
  disconnected: { en: "The device is not connected to the cloud.", zh: "设备与云端断开。" },
  sessionEnded: { en: "The soft AP is closed.", zh: "热点已关闭。" },
  logModeEnded: { en: "Log mode has ended.", zh: "日志模式已结束。" },
} as const satisfies Record<string, Sentence>;

const accepted: Sentence = { en: "The cloud accepted the token.", zh: "云端已接受 token。" };
const confirmed: Sentence = { en: "The device belongs to its owner.", zh: "设备已归主人所有。" };

/** Tells what happens to a device. */
export class EventTeller {
  readonly #reporter: Reporter;
  readonly #narrator: DeviceStepNarrator;
  readonly #address: string;
  readonly #ssid: string;

  constructor(options: { reporter: Reporter; narrator: DeviceStepNarrator; address: string; ssid: string }) {
    this.#reporter = options.reporter;
    this.#narrator = options.narrator;
    this.#address = options.address;
    this.#ssid = options.ssid;
  }

  /** Tells one event. */
  tell(event: DeviceEvent): void {
    switch (event.type) {
      case "step":
        this.#narrator.tell(event.step);
        break;
      case "listening":
        this.#listening(event.purpose, event.port);
        break;
      case "bound": {
        const { isConfirmed } = event;
        this.#fact("bound", isConfirmed ? confirmed : accepted, { isConfirmed });
        break;
      }
      case "sessionEnded": {
        const { type, result, code } = event;
        const why = code === undefined ? {} : { error: code, number: errorRegistry[code].number };
        this.#fact(type, sentences[type], { result, ...why });
        break;
      }
      case "unbound":
      case "connected":
      case "disconnected":
      case "logModeEnded":
        this.#fact(event.type, sentences[event.type], {});
        break;
    }
  }

  #listening(purpose: "provisioning" | "log", port: number): void {
    const address = this.#address;
    const place = `${address}:${port}`;
    const ssid = this.#ssid;
    if (purpose === "log")
      this.#fact(
        "listening",
        { en: `The device answers questions about its log on ${place}.`, zh: `设备在 ${place} 提供日志。` },
        { purpose, address, port },
      );
    else
      this.#fact(
        "listening",
        {
          en: `Soft AP ${ssid} is open; the device listens on ${place}.`,
          zh: `热点 ${ssid} 已开启，设备监听 ${place}。`,
        },
        { purpose, address, port, softApSsid: ssid },
      );
  }

  #fact(event: string, sentence: Sentence, fields: ReportFields): void {
    this.#reporter.fact(event, sentence, fields);
  }
}
