import { encodeUtf8, sysReplyTopic } from "@softap/protocol";
import type { Clock } from "@softap/ports";
import type { DeviceGateway, Uplink } from "../gateway.ts";

/**
 * Answers a device that asks for the time on `$sys/operation`.
 *
 * ```
 * → {"type": "get", "resource": ["time"]}
 * ← {"type":"get","time":s,"ntptime1":ms,"ntptime2":ms}      arrived, left
 * ```
 */
export async function answerTime(gateway: DeviceGateway, clock: Clock, uplink: Uplink): Promise<void> {
  const arrivedMs = clock.wallMs() ?? 0;
  const time = Math.floor(arrivedMs / 1000);
  const reply = { type: "get", time, ntptime1: arrivedMs, ntptime2: clock.wallMs() ?? arrivedMs };
  await gateway.push(uplink.device, {
    topic: sysReplyTopic(uplink.device),
    payload: encodeUtf8(JSON.stringify(reply)),
  });
}
