/** Child process of the bench: our cloud on a database file, with what a run needs already in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCloud } from "@softap/cloud";
import { nodeClock, nodeCrypto, nodeRandom } from "@softap/node";

const folder = mkdtempSync(join(tmpdir(), "softap-bench-"));
const cloud = await startCloud({
  databasePath: join(folder, "cloud.db"),
  httpPort: 0,
  mqttPort: 0,
  mqttsPort: 0,
  clock: nodeClock,
  random: nodeRandom,
  crypto: nodeCrypto,
  // A bench is one user at one address who does what thousands do elsewhere.
  limits: {
    bindTokensPerUser: 1_000_000,
    bindTokensPerAddress: 1_000_000,
    registrationsPerAddress: 1_000_000,
  },
});
async function stop(): Promise<void> {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
process.on("message", (question) => {
  if (question === "cpu") process.send?.({ cpu: process.cpuUsage() });
  if (question === "stop") void stop();
});
// The parent is gone, whatever the reason: so is this.
process.on("disconnect", () => void stop());
process.send?.({
  httpPort: cloud.httpPort,
  mqttsPort: cloud.mqttsPort,
  adminToken: cloud.firstAdminToken?.reveal(),
});
