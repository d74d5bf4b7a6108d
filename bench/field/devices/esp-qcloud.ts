import type { MqttLink } from "@softap/ports";
import type { DeviceKind } from "./field-device.ts";
import { connect, publishToken, subscribe } from "./vendor-binding.ts";
import { sessionMs, VendorDevice, type VendorParts } from "./vendor-device.ts";
import { infoReply, readRequest } from "./vendor-wire.ts";

const bufferBytes = 127;
const joinMs = 5_000;
/** The answer gets out before the soft AP goes. */
const tearDownMs = 1_000;
const reconnectMs = 10_000;
/** From the report of the token to `bind_device`. */
const bindMs = 40_000;

/** Espressif's esp-qcloud: joins first, then answers once; what it cannot read it ignores. */
async function run(parts: VendorParts): Promise<void> {
  const { clock, inbox, radio, signal, pause } = parts;
  const endMs = clock.monotonicMs() + sessionMs;
  for (;;) {
    const received = await inbox.next(endMs - clock.monotonicMs(), signal);
    if (received === undefined) return;
    const request = readRequest(received.datagram, bufferBytes);
    if (typeof request === "number") continue;
    const isJoined = await radio.station.join(request, { timeoutMs: joinMs, signal }).then(
      () => true,
      () => false,
    );
    if (!isJoined) continue;
    await inbox.send(infoReply, received.from, signal);
    inbox.close();
    await pause(tearDownMs);
    await radio.softAp.stop({ signal });
    await bind(request.token);
    return;
  }

  async function bind(token: string): Promise<void> {
    let link: MqttLink | undefined;
    while (link === undefined && clock.monotonicMs() < endMs) {
      link = await connect(parts);
      if (link === undefined) await pause(reconnectMs);
    }
    if (link === undefined) return;
    await subscribe(link, parts);
    await publishToken(link, token, parts);
    await pause(bindMs);
  }
}

/** The esp-qcloud SDK. */
export const espQcloud: DeviceKind = { name: "esp-qcloud", create: (world) => new VendorDevice(world, run) };
