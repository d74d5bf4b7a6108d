/** A cloud in a process of its own, for tests that kill it. Its addresses go to the parent process. */
import { nodeClock, nodeCrypto, nodeRandom } from "@softap/node";
import { startCloud } from "../../src/index.ts";

const [, , databasePath = ""] = process.argv;
const { httpPort, mqttPort, mqttsPort, firstAdminToken } = await startCloud({
  databasePath,
  httpPort: 0,
  mqttPort: 0,
  mqttsPort: 0,
  clock: nodeClock,
  random: nodeRandom,
  crypto: nodeCrypto,
});
process.send?.({ httpPort, mqttPort, mqttsPort, firstAdminToken: firstAdminToken?.reveal() });
