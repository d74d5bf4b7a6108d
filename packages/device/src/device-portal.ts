import type { Log, SeenNetwork, SoftApOptions } from "@softap/ports";
import type { Phase } from "@softap/protocol";
import type { Failure } from "./failure.ts";
import type { DeviceIdentity, SessionPorts } from "./options.ts";
import type { AttemptRequest } from "./provisioning/state.ts";

/** Where a session is, whoever asked for what: an attempt by datagram is seen here like one of the portal. */
export interface PortalView {
  readonly stage: "waiting" | "working" | "failed" | "done";
  readonly phase: Phase;
  /** Number of the current or last attempt, from 1; 0 before the first. */
  readonly attempt: number;
  /** The attempt has no token: it ends with the network that is kept. */
  readonly isNetworkOnly: boolean;
  /** Why the last attempt failed. */
  readonly failure?: Failure;
}

/** What a person typed. Without a token the device joins the network and leaves it at that. */
export type PortalRequest = Pick<AttemptRequest, "token" | "trace"> &
  Required<Pick<AttemptRequest, "network">>;

/** What a session offers to a portal. */
export interface PortalSession {
  readonly options: {
    readonly identity: Required<DeviceIdentity>;
    readonly softAp: SoftApOptions;
    readonly ports: SessionPorts;
    readonly log: Log;
  };
  /** Where the session is now. */
  readonly view: PortalView;
  /** Hands in a request. @returns Why it is not taken: `PROVISIONING_ACTIVE`, `RATE_LIMITED`. */
  submit(request: PortalRequest): Failure | undefined;
  /**
   * Looks for networks. A radio that cannot do both must not be asked while its soft AP is up.
   *
   * @param limitMs - Milliseconds.
   * @throws {@link UsageError} `PROVISIONING_ACTIVE` while the station has something else to do; {@link TimeoutError};
   * {@link CanceledError} when an attempt begins; {@link WifiError}
   */
  scan(limitMs: number): Promise<readonly SeenNetwork[]>;
}

/** A page that the device shows to people while a session is open. */
export interface DevicePortal {
  /** The soft AP with what its DHCP server tells phones of the portal. */
  announcedBy(softAp: SoftApOptions): SoftApOptions;
  /**
   * Called before the soft AP opens.
   *
   * @throws {@link TransportError} `ADDRESS_IN_USE`, `PERMISSION_DENIED`, …; the session does not open then
   */
  prepare(session: PortalSession): Promise<void>;
  /** Called when phones can join. Must not throw. */
  open(): Promise<void>;
  /** Called at the end of the session, and after a `prepare` that failed. Idempotent. */
  close(): void;
}
