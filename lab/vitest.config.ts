import { defineConfig } from "vitest/config";

const conditions = ["source", "module", "node", "default"];

/** The port contracts on the lab's radios; started in the VM by `src/contract.ts`. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    root: import.meta.dirname,
    include: ["contract/*.contract.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    reporters: ["./src/line-reporter.ts"],
  },
});
