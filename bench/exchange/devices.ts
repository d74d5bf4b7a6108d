import type { Clock } from "@softap/ports";

/** One device during one exchange: told when a datagram arrives, replies whenever it likes. */
export interface DeviceModel {
  onDatagram(): void;
}

/** Makes a device that answers through `reply`. */
export interface DeviceKind {
  readonly name: string;
  readonly create: (clock: Clock, reply: () => void) => DeviceModel;
}

/** The vendor's repeat rule: three copies, 1 s apart. */
const copies = [0, 1000, 2000] as const;

/** Ours: every datagram is answered at once; two more copies 1 s apart, unless the phone is heard again. */
function ours(clock: Clock, reply: () => void): DeviceModel {
  let heard = 0;
  return {
    onDatagram() {
      heard += 1;
      const mine = heard;
      reply();
      for (const afterMs of copies.slice(1))
        clock.after("copy", afterMs, () => {
          if (mine === heard) reply();
        });
    },
  };
}

/** The vendor's ESP8266 demo: one datagram is read; three blind copies, and at 3 s the soft AP is gone. */
function espDemo(clock: Clock, reply: () => void): DeviceModel {
  let isDone = false;
  return {
    onDatagram() {
      if (isDone) return;
      isDone = true;
      for (const afterMs of copies) clock.after("copy", afterMs, reply);
    },
  };
}

/**
 * The vendor's C SDK: three copies, 3 s of sleep, then a join that blocks; what comes meanwhile is not read, and the
 * socket is closed when the join succeeded. For the exchange that is one reading like the ESP's.
 */
const cSdk = espDemo;

/** The devices that the plans meet. */
export const deviceKinds: readonly DeviceKind[] = [
  { name: "our device", create: ours },
  { name: "ESP demo", create: espDemo },
  { name: "C SDK", create: cSdk },
];
