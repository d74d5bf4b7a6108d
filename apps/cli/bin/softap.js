#!/usr/bin/env node
// Old syntax only: this file must be read by the Node that it turns away.
const leastMajor = 24;
const { node } = process.versions;
if (Number(node.split(".")[0]) < leastMajor) {
  process.stderr.write(
    "softap: Node.js " +
      leastMajor +
      " or newer is needed, this is " +
      node +
      "\n  → Install a newer one from nodejs.org or your system's packages\n",
  );
  process.exitCode = 2;
} else void import("../dist/main.js");
