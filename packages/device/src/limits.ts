import { UsageError } from "@softap/protocol";

/** Every wait and every bound of the device side. What peers must agree on stands in `protocolLimits`. */
export interface DeviceLimits {
  /** One soft AP session, milliseconds. Source: vendor `WIFI_CONFIG_WAIT_TIME_MS`. */
  readonly sessionMs: number;
  /** One join including DHCP, milliseconds. */
  readonly joinTimeoutMs: number;
  /** Joins of one attempt when the cause may pass (not found by a slow first scan, weak, no address). */
  readonly maxJoinTries: number;
  /** Pause between two joins of one attempt, milliseconds. */
  readonly joinRetryMs: number;
  /** How long a radio that cannot do both stays on its soft AP after it answered, milliseconds: all copies of the reply get out. */
  readonly leaveDelayMs: number;
  /** A repetition within this gap belongs to the burst before it, milliseconds. Source: longest spacing of known phones is 2 s. */
  readonly burstGapMs: number;
  /** How long the soft AP stays after the binding, milliseconds, unless the phone leaves earlier. */
  readonly lingerMs: number;
  /** Attempts of one session; more are refused with `RATE_LIMITED`. */
  readonly maxAttempts: number;
  /** Tries to keep the network after the cloud accepted the token. */
  readonly maxKeepTries: number;
  /** Pause between two such tries, milliseconds. */
  readonly keepRetryMs: number;
  /** Copies of the device info after the first. Source: vendor demo sends three in all. */
  readonly replyCopies: number;
  /** Spacing of the copies, milliseconds. Source: vendor demo. */
  readonly replyCopyMs: number;
  /** Error replies that one peer gets at once … */
  readonly errorBurst: number;
  /** … and the pace at which it earns further ones, milliseconds each. */
  readonly errorEveryMs: number;
  /** Peers remembered for errors and copies. */
  readonly maxPeers: number;
  /** TCP connections at a time; one more closes the one that was silent longest. */
  readonly maxStreams: number;
  /** A TCP connection without bytes is closed, milliseconds. */
  readonly streamIdleMs: number;
  /** One registration request, milliseconds. Source: vendor C SDK waits 2 000. */
  readonly registerTimeoutMs: number;
  /** One MQTT connection up to CONNACK, milliseconds. Source: vendor handshake limit 5 000, doubled for slow links. */
  readonly connectTimeoutMs: number;
  /** Wait for `app_bind_token_reply`, milliseconds, before the token is reported again. */
  readonly replyTimeoutMs: number;
  /** Reports of one token. Source: vendor demo tries three times. */
  readonly maxReports: number;
  /** From joined to accepted, milliseconds. */
  readonly bindTimeoutMs: number;
  /** First pause before connecting again, milliseconds; doubles each time. */
  readonly backoffFirstMs: number;
  /** Longest pause before connecting again, milliseconds. Source: vendor C SDK. */
  readonly backoffMaxMs: number;
  /** Longest pause before connecting again while a token waits to be reported, milliseconds. Source: rate rule of the vendor's cloud, one connection in 5 s. */
  readonly reportRetryMaxMs: number;
  /** Shortest pause between two connections of a bound device, milliseconds. Source: rate rule of the vendor's cloud. */
  readonly reconnectMinMs: number;
  /** MQTT keep-alive, seconds. Source: vendor C SDK. */
  readonly keepAliveS: number;
  /** Wait for `unbind_device_reply`, milliseconds. */
  readonly unbindTimeoutMs: number;
  /** Life of log mode, milliseconds. Source: vendor guide, 6 minutes. */
  readonly logModeMs: number;
  /** Lines of the device log. Source: vendor keeps 10. */
  readonly logLines: number;
  /** Longest line of the device log, bytes. Source: vendor. */
  readonly logLineBytes: number;
  /** Errors remembered across restarts. Source: vendor queue. */
  readonly errorEntries: number;
  /** Restarts in which one unfinished attempt is taken up again. */
  readonly maxResumes: number;
  /** Pause between tries of the kept network, milliseconds. */
  readonly rejoinMs: number;
  /** The same while a phone is on the soft AP, which each try disturbs, milliseconds. */
  readonly rejoinAttendedMs: number;
  /** The same while the router refuses the passphrase, milliseconds. */
  readonly rejoinRefusedMs: number;
  /** Refusals of the kept passphrase after which the soft AP opens without waiting for `openAfterMs`. */
  readonly maxRefusals: number;
  /** From a failed attempt until the previous network is joined again, milliseconds, unless a new attempt comes. */
  readonly restoreMs: number;
  /** Pause before the supervisor opens the next session, milliseconds. */
  readonly reopenMs: number;
  /** Steps and events kept for a reader that is slow. */
  readonly maxSteps: number;
}

const minute = 60_000;
const hour = 60 * minute;

/** Default, smallest and largest value of each limit. */
const ranges: { readonly [Name in keyof DeviceLimits]: readonly [number, number, number] } = {
  sessionMs: [5 * minute, 1_000, hour],
  joinTimeoutMs: [20_000, 1_000, 2 * minute],
  maxJoinTries: [2, 1, 10],
  joinRetryMs: [1_000, 0, minute],
  leaveDelayMs: [2_100, 0, 10_000],
  burstGapMs: [5_000, 1_000, minute],
  lingerMs: [10_000, 0, minute],
  maxAttempts: [20, 1, 1_000],
  maxKeepTries: [3, 1, 20],
  keepRetryMs: [500, 0, minute],
  replyCopies: [2, 0, 10],
  replyCopyMs: [1_000, 100, 10_000],
  errorBurst: [8, 1, 1_000],
  errorEveryMs: [250, 1, minute],
  maxPeers: [32, 1, 1_000],
  maxStreams: [8, 1, 1_000],
  streamIdleMs: [minute, 1_000, hour],
  registerTimeoutMs: [5_000, 500, minute],
  connectTimeoutMs: [10_000, 500, minute],
  replyTimeoutMs: [5_000, 500, minute],
  maxReports: [3, 1, 10],
  bindTimeoutMs: [40_000, 1_000, 5 * minute],
  backoffFirstMs: [1_000, 10, minute],
  backoffMaxMs: [minute, 10, hour],
  reportRetryMaxMs: [5_000, 10, minute],
  reconnectMinMs: [5_000, 0, hour],
  keepAliveS: [240, 10, 690],
  unbindTimeoutMs: [10_000, 500, minute],
  logModeMs: [6 * minute, 1_000, hour],
  logLines: [64, 10, 1_000],
  logLineBytes: [128, 64, 1_024],
  errorEntries: [16, 1, 64],
  maxResumes: [3, 0, 100],
  rejoinMs: [10_000, 100, hour],
  rejoinAttendedMs: [minute, 100, hour],
  rejoinRefusedMs: [5 * minute, 100, 24 * hour],
  maxRefusals: [2, 1, 100],
  restoreMs: [1_000, 0, minute],
  reopenMs: [1_000, 0, hour],
  maxSteps: [256, 16, 10_000],
};

/**
 * The limits with some replaced.
 *
 * @throws {@link UsageError} `CONFIG_INVALID` for a value outside its range
 */
export function deviceLimits(changes: Partial<DeviceLimits> = {}): DeviceLimits {
  const entries = Object.entries(ranges).map(([name, [fallback, least, most]]) => {
    // The keys of `ranges` are the keys of DeviceLimits: its type says so.
    const value = changes[name as keyof DeviceLimits] ?? fallback;
    if (!(value >= least && value <= most))
      throw new UsageError("CONFIG_INVALID", `${name} is ${value}, ${least} to ${most} is allowed`);
    return [name, value];
  });
  return Object.fromEntries(entries) as DeviceLimits;
}
