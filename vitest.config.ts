import { defineConfig } from "vitest/config";

const conditions = ["source", "module", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{packages,apps}/*/test/**/*.test.ts", "tools/test/**/*.test.ts", "bench/test/**/*.test.ts"],
    testTimeout: 30_000,
    reporters: ["default", "./tools/count-reporter.ts"],
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
  },
});
