/**
 * Sends a million random and mutated datagrams through every decoder: `npm run fuzz -- [count] [seed]`, or FUZZ_COUNT and FUZZ_SEED.
 */
import { fuzzDecoders } from "./fuzz-decoders.ts";

const [, , countText, seedText] = process.argv;
const count = Number(countText ?? process.env["FUZZ_COUNT"] ?? 1_000_000);
const seed = Number(seedText ?? process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 0x7fff_ffff));

if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error("fuzz: count must be a whole number from 1, seed a whole number");
  process.exitCode = 2;
} else {
  console.log(`fuzz: ${count} datagrams, seed ${seed}`);
  const startMs = performance.now();
  const onProgress = (done: number): void => {
    process.stderr.write(`fuzz: ${done} of ${count}\n`);
  };
  const counts = fuzzDecoders({ count, seed, onProgress });
  console.table(counts);
  console.log(`fuzz: ok, ${((performance.now() - startMs) / 1000).toFixed(1)} s, no decoder threw`);
}
