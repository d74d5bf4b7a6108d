import type { Scenario } from "../src/scenario.ts";
import { scenario as deviceLog } from "./device-log.ts";
import { scenario as idle } from "./idle.ts";
import { scenario as join } from "./join.ts";
import { scenario as lossyAir } from "./lossy-air.ts";
import { scenario as managerKilled } from "./manager-killed.ts";
import { scenario as networks } from "./networks.ts";
import { scenario as noise } from "./noise.ts";
import { scenario as oneRadio } from "./one-radio.ts";
import { scenario as outage } from "./outage.ts";
import { scenario as phoneLeaves } from "./phone-leaves.ts";
import { scenario as portal } from "./portal.ts";
import { scenario as powerCut } from "./power-cut.ts";
import { scenario as provision } from "./provision.ts";
import { scenario as reasons } from "./reasons.ts";
import { scenario as refusals } from "./refusals.ts";

/** Every story by the name under which it is asked for, in the order in which they run. */
export const stories: Readonly<Record<string, Scenario>> = {
  provision,
  reasons,
  "one-radio": oneRadio,
  networks,
  "lossy-air": lossyAir,
  "phone-leaves": phoneLeaves,
  "power-cut": powerCut,
  "manager-killed": managerKilled,
  outage,
  noise,
  "device-log": deviceLog,
  portal,
  join,
  refusals,
};

/** What is measured, in the same way. */
export const measurements: Readonly<Record<string, Scenario>> = { idle };
