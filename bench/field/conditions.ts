import type { LinkConditions, VirtualRadioOptions } from "@softap/virtual";
import type { FieldDevice } from "./devices/field-device.ts";
import type { FieldWorld, Moment } from "./field-world.ts";

/** One way in which the field differs from the desk. */
export interface Condition {
  readonly name: string;
  /** Of datagrams on the soft AP, each direction. */
  readonly air?: Partial<LinkConditions>;
  readonly radio?: Partial<VirtualRadioOptions>;
  /** A phone that was put off the soft AP stays on mobile data until the app asks for its network. */
  readonly staysOnMobileData?: boolean;
  /** What the device's wall clock is off by, milliseconds. */
  readonly deviceClockOffMs?: number;
  /** Prepares what happens on the way. Called when the device waits on its soft AP. */
  readonly prepare?: (world: FieldWorld, device: FieldDevice) => void;
}

const yearMs = 365 * 24 * 60 * 60_000;
/** A restart takes this long, from the lost power to the program. */
const bootMs = 2_000;
const outageMs = 30_000;

function lossy(percent: number): Condition {
  return { name: `loss ${percent} %`, air: { loss: percent / 100 } };
}

/** Nothing gets through in one direction between phone and device. */
function deaf(name: string, direction: "to the device" | "to the phone"): Condition {
  return {
    name,
    prepare: ({ phoneHost }, { host, softApSegment }) => {
      const [from, to] = direction === "to the device" ? [phoneHost, host] : [host, phoneHost];
      softApSegment?.link(from, to).impair({ isUp: false });
    },
  };
}

function mobileData(moment: Moment, name: string): Condition {
  return {
    name: `phone to mobile data ${name}`,
    staysOnMobileData: true,
    prepare: (world) => world.once(moment, () => world.switchToMobileData()),
  };
}

function reboot(afterMs: number): Condition {
  return {
    name: `device reboots ${afterMs / 1000} s after the first request`,
    prepare: (world, device) =>
      world.once("request arrived", () => {
        world.clock.after("power cut", afterMs, () => {
          device.cutPower();
          world.clock.after("boot", bootMs, () => device.boot());
        });
      }),
  };
}

function unreachable(forMs: number): Condition {
  return {
    name: `cloud unreachable for ${forMs / 1000} s after return`,
    prepare: (world) => world.once("phone left", () => world.cloud.disappear(forMs)),
  };
}

/** Rows of the matrix, the quiet one first. */
export const conditions: readonly Condition[] = [
  lossy(0),
  lossy(10),
  lossy(30),
  lossy(50),
  { name: "duplication 30 %", air: { duplication: 0.3 } },
  { name: "reordering 30 %, by 1.5 s", air: { reordering: 0.3, reorderingMs: 1_500 } },
  deaf("no reply arrives", "to the phone"),
  deaf("no request arrives", "to the device"),
  mobileData("phone joined", "after joining"),
  mobileData("request arrived", "after the first request"),
  mobileData("reply arrived", "after the first reply"),
  mobileData("phone left", "on the way home"),
  { name: "soft AP changes channel", radio: { dropsPhonesOnChannelSwitch: true } },
  reboot(1_500),
  reboot(6_000),
  unreachable(outageMs),
  { name: "device clock a year behind", deviceClockOffMs: -yearMs },
  { name: "device clock a year ahead", deviceClockOffMs: yearMs },
];
