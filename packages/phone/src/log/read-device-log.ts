import {
  type CancelSignal,
  type Clock,
  type DatagramSockets,
  type Log,
  neverCanceled,
  silentLog,
  sleep,
} from "@softap/ports";
import {
  decodeReply,
  logQueryDatagram,
  ProtocolError,
  protocolLimits,
  type SoftApError,
  TransportError,
} from "@softap/protocol";
import { DeviceChannel } from "../device-channel.ts";
import { failureOf } from "../provisioning/failure.ts";
import { type LogLimits, logLimits } from "./limits.ts";
import { LogText } from "./log-text.ts";

/** Which log to read, and where. */
export interface ReadDeviceLogOptions {
  /** `provisioning` asks on port 8266 (an old device stops provisioning then), `logMode` on 9876. */
  readonly via: "provisioning" | "logMode";
  /** Where the device listens. @defaultValue 192.168.4.1 and the port of `via` */
  readonly device?: { readonly address?: string; readonly port?: number };
  readonly ports: { readonly clock: Clock; readonly datagrams: DatagramSockets; readonly log?: Log };
  readonly limits?: Partial<LogLimits>;
  readonly signal?: CancelSignal;
}

/**
 * Reads the device's log. The phone must be on the device's soft AP.
 *
 * Datagrams carry no numbers, so it asks again until an answer brings nothing new; a device that answers once is asked in vain.
 *
 * @returns Lines in the order of their time, `<ms>|<name>: <text>`, each with a line feed; may be empty
 * @throws {@link TransportError} `DEVICE_SILENT` when nothing came in time, or why no socket could be opened; the device's own
 * error when it refused; {@link CanceledError} when `options.signal` fires
 */
export async function readDeviceLog(options: ReadDeviceLogOptions): Promise<string> {
  const { via, device = {}, ports, signal = neverCanceled } = options;
  const { clock, datagrams, log = silentLog } = ports;
  const { timeoutMs, quietMs } = { ...logLimits, ...options.limits };
  const { deviceAddress, logPort, provisioningPort } = protocolLimits;
  const usualPort = via === "logMode" ? logPort : provisioningPort;
  const { address = deviceAddress, port = usualPort } = device;

  const text = new LogText();
  let heardAtMs = 0;
  let refusal: SoftApError | undefined;
  const channel = new DeviceChannel({ datagrams, device: { address, port }, log });
  await channel.open((datagram) => {
    const reply = decodeReply(datagram);
    if (reply instanceof ProtocolError) {
      text.add(datagram);
      heardAtMs = clock.monotonicMs();
    } else if (reply.type === "error" && reply.isCurrent) refusal = failureOf(reply, 1).error;
  }, signal);
  try {
    const untilMs = clock.monotonicMs() + timeoutMs;
    for (;;) {
      const { lineCount } = text;
      heardAtMs = clock.monotonicMs();
      await channel.send(logQueryDatagram, signal);
      for (;;) {
        const delayMs = Math.min(heardAtMs + quietMs, untilMs) - clock.monotonicMs();
        if (delayMs <= 0) break;
        await sleep(clock, { name: "log quiet", delayMs, signal });
      }
      if (text.hasAnswer && text.lineCount === lineCount) return text.toString();
      if (!text.hasAnswer && refusal !== undefined) throw refusal;
      if (clock.monotonicMs() < untilMs) continue;
      if (text.hasAnswer) return text.toString();
      throw new TransportError("DEVICE_SILENT", `The device sent no log within ${timeoutMs} ms`, {
        context: { limitMs: timeoutMs, port },
      });
    }
  } finally {
    channel.close();
  }
}
