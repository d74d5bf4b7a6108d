/** Writes one rising number under two keys, tells each acknowledged one, and goes on until it is killed. */
import { FileStore } from "@softap/node";
import { neverCanceled } from "@softap/ports";

const store = await FileStore.open(process.argv[2] ?? "");
const first = await store.get("left", { signal: neverCanceled });
for (let number = (first?.[0] ?? 0) + 1; number < 256; number += 1) {
  // Of a size that takes several writes to the disk.
  const value = new Uint8Array(40_000).fill(number);
  await store.apply({ left: value, right: value }, { signal: neverCanceled });
  process.stdout.write(`${number}\n`);
}
