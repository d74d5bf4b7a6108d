import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { writeNumbersWithoutTable } from "../src/mqtt/packet-writer.ts";

const require = createRequire(new URL("../package.json", import.meta.url));
const requireOfMqtt = createRequire(require.resolve("mqtt"));

test("writeNumbersWithoutTable() spares the table of numbers, and packets stay the same", () => {
  // Another test of this process may have filled the table of the loaded copy: this one takes a fresh copy.
  for (const file of Object.keys(requireOfMqtt.cache))
    if (file.includes("mqtt-packet")) delete requireOfMqtt.cache[file];
  // The parts of mqtt-packet that are read here, as its own types have them.
  const { generate } = requireOfMqtt("mqtt-packet") as { generate: (packet: object) => Buffer };
  const { cache } = requireOfMqtt("mqtt-packet/numbers") as { cache: object };
  writeNumbersWithoutTable();
  const packet = { cmd: "puback", messageId: 0xabcd };
  expect([...generate(packet)]).toEqual([0x40, 2, 0xab, 0xcd]);
  expect(Object.keys(cache).length).toBe(0);
});
