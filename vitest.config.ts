import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const conditions = ["source", "module", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{packages,apps}/*/test/**/*.test.ts", "tools/test/**/*.test.ts", "bench/test/**/*.test.ts"],
    testTimeout: 30_000,
    // No package keeps state in a module, so files may share a worker: it saves a start of 0.4 s each.
    isolate: false,
    // Many tests wait for processes and sockets; with one worker more than two cores there is always one that works.
    maxWorkers: 3,
    // Processes that tests start share compiled code: half of a start is stripping types.
    env: { NODE_COMPILE_CACHE: resolve("node_modules/.cache/softap") },
    reporters: ["default", "./tools/count-reporter.ts"],
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
  },
});
