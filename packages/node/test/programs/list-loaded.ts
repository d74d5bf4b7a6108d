/** Makes the ports of a device, lets them do what they are asked to, and prints as JSON what Node has loaded by then. */
import { nodePorts } from "@softap/node";
import { neverCanceled as signal } from "@softap/ports";
import { Secret } from "@softap/protocol";
import { createRequire } from "node:module";

/** A port of this machine where nobody listens. */
const nobody = { host: "127.0.0.1", port: 9 };

const ports = nodePorts();
const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  http: () => ports.http.request({ method: "GET", url: `http://${nobody.host}:${nobody.port}/`, signal }),
  mqtt: () =>
    ports.mqtt.connect({
      ...nobody,
      security: { kind: "password", password: Secret.of("unused") },
      clientId: "device-1",
      username: "device-1",
      keepAliveS: 240,
      signal,
    }),
  prepare: () => ports.mqtt.prepare(),
};
for (const name of process.argv.slice(2)) await uses[name]?.().catch(() => undefined);

// Node keeps this list for its own tests; what it lacks, the test that reads it notices.
const { moduleLoadList } = process as typeof process & { readonly moduleLoadList: readonly string[] };
const packages = Object.keys(createRequire(import.meta.url).cache).flatMap((path) =>
  path.split("node_modules/").slice(-1),
);
process.stdout.write(JSON.stringify({ builtins: moduleLoadList, packages }));
