import type { Device, DeviceEvent, Subscription } from "@softap/device";
import type { Log } from "@softap/ports";
import {
  asSoftApError,
  decodeUtf8,
  type DeviceAddress,
  encodeUtf8,
  type Fields,
  isFields,
  thingDownTopic,
  thingUpTopic,
  UsageError,
} from "@softap/protocol";
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { readTextFileIfThere, writePrivateFile } from "../config/files.ts";

/** Values by their names, as they stand in the file and on the wire. */
type Values = Fields;

/**
 * The device's properties in a file, so that any program of the device takes part in what its owner sees:
 *
 * - what the file says is reported when the device is bound or connects again, and what changes in it at once;
 * - what the app sets is written into it, answered, and reported.
 *
 * The file holds one JSON object; without the file it is `{}`. A file that is no such object is left as it is, and the last
 * good values count.
 */
export class Properties {
  readonly #path: string;
  readonly #mqtt: Device["mqtt"];
  readonly #address: DeviceAddress;
  readonly #log: Log;
  readonly #watcher: FSWatcher;
  #subscription: Subscription | undefined;
  #values: Values;
  #reports = 0;
  #work: Promise<void> = Promise.resolve();

  private constructor(parts: PropertiesParts, values: Values) {
    const { file, device, address, log } = parts;
    this.#path = resolve(file);
    this.#mqtt = device.mqtt;
    this.#address = address;
    this.#log = log;
    this.#values = values;
    const name = basename(this.#path);
    // The folder, because a file that is replaced is another file.
    this.#watcher = watch(dirname(this.#path), (_event, changed) => {
      if (changed === name) this.#then(() => this.#takeFile());
    });
    this.#watcher.on("error", (error) => this.#warn("the file of properties is not watched any more", error));
  }

  /**
   * @throws {UsageError} `CONFIG_INVALID` for a file that is no JSON object; `PERMISSION_DENIED`, `STORE_WRITE_FAILED` where
   * it cannot be read or made
   */
  static async open(parts: PropertiesParts): Promise<Properties> {
    const text = await readTextFileIfThere(parts.file, what);
    const values = text === undefined ? {} : valuesOf(text);
    if (values === undefined)
      throw new UsageError("CONFIG_INVALID", `${parts.file} holds no JSON object`, {
        context: { file: parts.file },
      });
    if (text === undefined) await writePrivateFile(parts.file, "{}\n");
    const properties = new Properties(parts, values);
    try {
      await properties.#listen();
    } catch (error) {
      await properties.close();
      throw error;
    }
    return properties;
  }

  /** Reports everything when the owner can see it from now on. */
  tell(event: DeviceEvent, isBound: boolean): void {
    const isNew = event.type === "bound" && !event.isConfirmed;
    if (isNew || (event.type === "connected" && isBound)) this.#then(() => this.#report(this.#values));
  }

  /** Resolves when what was begun is done. */
  async close(): Promise<void> {
    this.#watcher.close();
    this.#subscription?.close();
    await this.#work;
  }

  async #listen(): Promise<void> {
    this.#subscription = await this.#mqtt.subscribe(
      thingDownTopic("property", this.#address),
      (payload) => this.#then(() => this.#takeMessage(payload)),
      { qos: 1 },
    );
  }

  /** One after the other: a report must not overtake the change before it. */
  #then(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => this.#warn("property not handled", error));
  }

  async #takeFile(): Promise<void> {
    const text = await readTextFileIfThere(this.#path, what);
    const values = text === undefined ? undefined : valuesOf(text);
    // It may be half written; the rest comes with the next event.
    if (values === undefined) return;
    const changed = changes(this.#values, values);
    this.#values = values;
    await this.#report(changed);
  }

  async #takeMessage(payload: Uint8Array): Promise<void> {
    const message = valuesOf(decodeUtf8(payload) ?? "");
    if (message?.["method"] !== "control" || !isFields(message["params"])) return;
    const { clientToken, params } = message;
    try {
      // A program may have changed it a moment ago; that must not be overwritten.
      await this.#takeFile();
      const values = { ...this.#values, ...params };
      await writePrivateFile(this.#path, `${JSON.stringify(values, null, 2)}\n`);
      this.#values = values;
    } catch (error) {
      await this.#publish({
        method: "control_reply",
        clientToken,
        code: 1,
        status: asSoftApError(error).code,
      });
      throw error;
    }
    await this.#publish({ method: "control_reply", clientToken, code: 0 });
    await this.#report(params);
  }

  async #report(params: Values): Promise<void> {
    if (Object.keys(params).length === 0 || !this.#mqtt.isConnected) return;
    this.#reports += 1;
    await this.#publish({ method: "report", clientToken: `report-${this.#reports}`, params });
  }

  async #publish(message: Values): Promise<void> {
    const topic = thingUpTopic("property", this.#address);
    await this.#mqtt.publish(topic, encodeUtf8(JSON.stringify(message)), { qos: 1 });
  }

  #warn(text: string, error: unknown): void {
    this.#log.warn(text, { code: asSoftApError(error).code });
  }
}

/** What {@link Properties.open} takes. */
export interface PropertiesParts {
  readonly file: string;
  readonly device: Pick<Device, "mqtt">;
  readonly address: DeviceAddress;
  readonly log: Log;
}

/** How the file is named in errors. */
const what = "file of properties";

function valuesOf(text: string): Values | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function changes(before: Values, after: Values): Values {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)),
  );
}
