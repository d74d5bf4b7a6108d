import { type BlinkPattern, type Led, type Log, silentLog } from "@softap/ports";
import { softApError } from "@softap/protocol";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Which light, and where the kernel shows it. */
export interface SysfsLedOptions {
  /** Folder of the light below `root`, such as `green:status`. */
  readonly name: string;
  /** @defaultValue `/sys/class/leds` */
  readonly root?: string;
  /** Hears of a light that cannot be switched. @defaultValue silent */
  readonly log?: Log;
}

/** A light of the Linux kernel; its `timer` trigger does the blinking. */
export class SysfsLed implements Led {
  readonly #folder: string;
  readonly #log: Log;
  #shown: BlinkPattern | undefined;
  #hasFailed = false;

  /** @throws {@link UsageError} `USAGE` when the name is not that of a folder */
  constructor(options: SysfsLedOptions) {
    const { name, root = "/sys/class/leds", log = silentLog } = options;
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name))
      throw softApError("USAGE", "The name of a light is a folder below /sys/class/leds, without a slash");
    this.#folder = join(root, name);
    this.#log = log;
  }

  /** Never throws: a device does not fail over its light. The first failure in a row is logged. */
  show(pattern: BlinkPattern): void {
    if (this.#shown?.onMs === pattern.onMs && this.#shown.offMs === pattern.offMs) return;
    try {
      this.#write(pattern);
      this.#shown = { ...pattern };
      this.#hasFailed = false;
    } catch (error) {
      this.#shown = undefined;
      if (!this.#hasFailed)
        this.#log.warn("light cannot be switched", {
          folder: this.#folder,
          system: error instanceof Error && "code" in error ? String(error.code) : undefined,
        });
      this.#hasFailed = true;
    }
  }

  #write(pattern: BlinkPattern): void {
    if (pattern.onMs > 0 && pattern.offMs > 0) {
      // The trigger comes first: only then does the kernel make the two delay files.
      this.#set("trigger", "timer");
      this.#set("delay_on", String(Math.round(pattern.onMs)));
      this.#set("delay_off", String(Math.round(pattern.offMs)));
    } else {
      this.#set("trigger", "none");
      this.#set("brightness", pattern.onMs > 0 ? this.#fullBrightness() : "0");
    }
  }

  #fullBrightness(): string {
    return readFileSync(join(this.#folder, "max_brightness"), "utf8").trim();
  }

  #set(attribute: string, value: string): void {
    writeFileSync(join(this.#folder, attribute), value);
  }
}
