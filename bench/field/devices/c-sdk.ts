import type { DeviceKind } from "./field-device.ts";
import { reportToken } from "./vendor-binding.ts";
import { sessionMs, VendorDevice, type VendorParts } from "./vendor-device.ts";
import { errorReply, infoReply, readRequest } from "./vendor-wire.ts";

const bufferBytes = 1_023;
const copies = 3;
const copyMs = 1_000;
const leaveMs = 3_000;
const joinMs = 20_000;
/** The result of the join is polled. */
const tickMs = 200;
const joinFailedSub = -1001;

/** The vendor's C SDK: bad datagrams are answered and forgotten; a join blocks, and its failure is told while phones are still there. */
async function run(parts: VendorParts): Promise<void> {
  const { clock, inbox, radio, signal, pause } = parts;
  const endMs = clock.monotonicMs() + sessionMs;
  for (;;) {
    const received = await inbox.next(endMs - clock.monotonicMs(), signal);
    if (received === undefined) return;
    const request = readRequest(received.datagram, bufferBytes);
    if (typeof request === "number") {
      await inbox.send(errorReply(2, request), received.from, signal);
      continue;
    }
    for (let copy = 1; copy <= copies; copy++) {
      await inbox.send(infoReply, received.from, signal);
      if (copy < copies) await pause(copyMs);
    }
    await pause(leaveMs);
    const isJoined = await radio.station.join(request, { timeoutMs: joinMs, signal }).then(
      () => true,
      () => false,
    );
    if (!isJoined) {
      await inbox.send(errorReply(12, joinFailedSub), received.from, signal);
      continue;
    }
    inbox.close();
    await pause(tickMs);
    await reportToken(request.token, 1, parts);
    return;
  }
}

/** The C SDK, on a platform whose soft AP stays up while it joins. */
export const cSdk: DeviceKind = { name: "C SDK", create: (world) => new VendorDevice(world, run) };
