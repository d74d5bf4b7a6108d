import { createRequire } from "node:module";

/** What is used of mqtt-packet. */
interface PacketModule {
  readonly writeToStream: { cacheNumbers: boolean };
}

/**
 * Keeps mqtt.js from making a table of all 65 536 packet numbers at its first packet: on a device it costs 9 MB for good, and
 * time just when a person waits for the connection.
 */
export function writeNumbersWithoutTable(): void {
  const { resolve } = createRequire(import.meta.url);
  try {
    // The copy that mqtt.js writes with, wherever it is installed; `cacheNumbers` is part of its documented interface.
    const { writeToStream } = createRequire(resolve("mqtt"))("mqtt-packet") as PacketModule;
    writeToStream.cacheNumbers = false;
  } catch {
    // Packed into one file by somebody's bundler: there it cannot be found, and the table costs memory only.
  }
}
