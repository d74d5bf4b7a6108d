import type { DeviceKind } from "./field-device.ts";
import { reportToken } from "./vendor-binding.ts";
import { sessionMs, VendorDevice, type VendorParts } from "./vendor-device.ts";
import { errorReply, infoReply, readRequest } from "./vendor-wire.ts";

const bufferBytes = 255;
const copies = 3;
const copyMs = 1_000;
const leaveMs = 1_000;
/** After a disconnect the demo waits for a join that it never repeats. */
const disconnectedMs = 50_000;

/** The vendor's ESP8266 demo: the first datagram, whatever it is, is the only one; the soft AP goes before the station comes. */
async function run(parts: VendorParts): Promise<void> {
  const { inbox, radio, signal, pause } = parts;
  const received = await inbox.next(sessionMs, signal);
  if (received === undefined) return;
  const request = readRequest(received.datagram, bufferBytes);
  if (typeof request === "number") {
    await inbox.send(errorReply(2, request), received.from, signal);
    return;
  }
  for (let copy = 1; copy <= copies; copy++) {
    await inbox.send(infoReply, received.from, signal);
    if (copy < copies) await pause(copyMs);
  }
  await pause(leaveMs);
  inbox.close();
  await radio.softAp.stop({ signal });
  await radio.station.join(request, { timeoutMs: disconnectedMs, signal });
  await reportToken(request.token, 2, parts);
}

/** The ESP demo. */
export const espDemo: DeviceKind = { name: "ESP demo", create: (world) => new VendorDevice(world, run) };
