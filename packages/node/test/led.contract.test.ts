import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SysfsLed } from "@softap/node";
import { ledContract } from "@softap/virtual/contracts";

/** A folder that looks like the kernel's: what is written there is what a light would do. */
ledContract("Linux", async () => {
  const root = await mkdtemp(join(tmpdir(), "softap-leds-"));
  const folder = join(root, "status");
  await mkdir(folder);
  await writeFile(join(folder, "max_brightness"), "255\n");
  const read = (attribute: string): Promise<string> => readFile(join(folder, attribute), "utf8");
  return {
    led: new SysfsLed({ name: "status", root }),
    looksLike: async () => {
      if ((await read("trigger")) === "timer")
        return { onMs: Number(await read("delay_on")), offMs: Number(await read("delay_off")) };
      return (await read("brightness")) === "0" ? { onMs: 0, offMs: 1 } : { onMs: 1, offMs: 0 };
    },
    cleanup: () => rm(root, { recursive: true }),
  };
});
