import { deviceInterface } from "./device.ts";
import { mustRunIn, type Place, runIn } from "./namespace.ts";
import { phoneInterface } from "./phone.ts";
import { routerInterface } from "./router.ts";

/** The interfaces whose frames get lost. */
const ends: readonly (readonly [Place, string])[] = [
  ["device", deviceInterface],
  ["phone", phoneInterface],
  ["router", routerInterface],
];

/** Loses this part of what is sent, in every direction, until {@link clearAir}. */
export async function loseFrames(percent: number): Promise<void> {
  for (const [place, name] of ends)
    await mustRunIn(place, "tc", "qdisc", "replace", "dev", name, "root", "netem", "loss", `${percent}%`);
}

/** Loses nothing any more. */
export async function clearAir(): Promise<void> {
  for (const [place, name] of ends) await runIn(place, "tc", "qdisc", "del", "dev", name, "root");
}
