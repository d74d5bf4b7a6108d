/** Every wait and limit of the cloud. All can be changed through `CloudOptions.limits`. */
export interface CloudLimits {
  /** How long a bind token waits for its device, seconds. @defaultValue 600 */
  readonly bindTokenLifetimeS: number;
  /** How long the phone may take to bind to a family after the device reported its token, seconds. @defaultValue 3 600 */
  readonly reportedTokenLifetimeS: number;
  /** How long a login lasts, seconds. @defaultValue 3 456 000 (40 days). Source: the vendor's documentation sample. */
  readonly accessTokenLifetimeS: number;
  /** Span over which the following counts are taken, milliseconds. @defaultValue 600 000 */
  readonly rateWindowMs: number;
  /** Bind tokens per user in a window. @defaultValue 60 */
  readonly bindTokensPerUser: number;
  /** Bind tokens per client address in a window. @defaultValue 600 */
  readonly bindTokensPerAddress: number;
  /** Refused bind tokens per device in a window; accepted ones do not count. @defaultValue 30 */
  readonly refusedTokensPerDevice: number;
  /** Failed logins per account and address in a window. @defaultValue 10 */
  readonly failedLoginsPerAccountAndAddress: number;
  /** Failed logins per account from everywhere in a window. @defaultValue 100 */
  readonly failedLoginsPerAccount: number;
  /** Failed logins per address in a window. @defaultValue 100 */
  readonly failedLoginsPerAddress: number;
  /** Dynamic registrations per client address in a window. @defaultValue 1 200 */
  readonly registrationsPerAddress: number;
  /** Dynamic registrations of one device before its first connection. @defaultValue 20 */
  readonly registrationsPerDevice: number;
  /** Families of one user. @defaultValue 20 */
  readonly familiesPerUser: number;
  /** Rooms of one family. @defaultValue 100 */
  readonly roomsPerFamily: number;
  /** Properties of one device. @defaultValue 200 */
  readonly propertiesPerDevice: number;
  /** How far the time of a signed request, of a device or of an app's backend, may be from now, seconds. @defaultValue 600 */
  readonly signatureAgeS: number;
  /** Keys that one rate limiter remembers; the oldest are forgotten first. @defaultValue 100 000 */
  readonly maxRateKeys: number;
  /** Longest HTTP request body, bytes. @defaultValue 65 536 */
  readonly maxBodyBytes: number;
  /** Longest MQTT message of a device, bytes. Source: the vendor's SDKs have 2 048-byte buffers. @defaultValue 16 384 */
  readonly maxMessageBytes: number;
  /** Time for TLS handshake and CONNECT each, milliseconds. Source: the vendor's C SDK gives up after 5 s. @defaultValue 10 000 */
  readonly connectTimeoutMs: number;
  /** Longest keep-alive that a device may ask for, seconds. Source: the vendor's documentation. @defaultValue 900 */
  readonly maxKeepAliveS: number;
  /** MQTT connections at once. @defaultValue 50 000 */
  readonly maxConnections: number;
  /** Web sockets at once. @defaultValue 10 000 */
  readonly maxWebSockets: number;
  /** Silence after which a web socket is closed, milliseconds; apps send a heartbeat every 50 s. @defaultValue 150 000 */
  readonly webSocketIdleMs: number;
  /** Devices that one web socket may watch. @defaultValue 200 */
  readonly maxWatchedDevices: number;
  /** Time between two sweeps of expired tokens, milliseconds. @defaultValue 3 600 000 */
  readonly sweepIntervalMs: number;
  /** How long an expired bind token is kept so that it is told apart from an unknown one, seconds. @defaultValue 86 400 */
  readonly expiredTokenKeptS: number;
  /** How long SQLite waits for another process's lock, milliseconds. @defaultValue 5 000 */
  readonly databaseBusyMs: number;
}

/** The defaults of {@link CloudLimits}. */
export const defaultCloudLimits: CloudLimits = {
  bindTokenLifetimeS: 600,
  reportedTokenLifetimeS: 3600,
  accessTokenLifetimeS: 40 * 86_400,
  rateWindowMs: 600_000,
  bindTokensPerUser: 60,
  bindTokensPerAddress: 600,
  refusedTokensPerDevice: 30,
  failedLoginsPerAccountAndAddress: 10,
  failedLoginsPerAccount: 100,
  failedLoginsPerAddress: 100,
  registrationsPerAddress: 1200,
  registrationsPerDevice: 20,
  familiesPerUser: 20,
  roomsPerFamily: 100,
  propertiesPerDevice: 200,
  signatureAgeS: 600,
  maxRateKeys: 100_000,
  maxBodyBytes: 65_536,
  maxMessageBytes: 16_384,
  connectTimeoutMs: 10_000,
  maxKeepAliveS: 900,
  maxConnections: 50_000,
  maxWebSockets: 10_000,
  webSocketIdleMs: 150_000,
  maxWatchedDevices: 200,
  sweepIntervalMs: 3_600_000,
  expiredTokenKeptS: 86_400,
  databaseBusyMs: 5000,
};
