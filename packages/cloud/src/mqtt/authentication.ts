import {
  type DeviceAddress,
  type Digests,
  isMqttPassword,
  parseMqttUsername,
  ProtocolError,
} from "@softap/protocol";
import type { DeviceSecurity } from "../rules/connections.ts";
import { parseClientId } from "../rules/device-id.ts";
import type { DeviceFacts, DeviceLookup } from "./device-facts.ts";

/** Return codes of CONNACK in MQTT 3.1.1. */
const ConnackCode = {
  identifierRejected: 2,
  badUserNameOrPassword: 4,
  notAuthorized: 5,
} as const;
/** One of {@link ConnackCode}. */
export type ConnackCode = (typeof ConnackCode)[keyof typeof ConnackCode];

/** A client certificate as the TLS layer saw it. */
export interface ClientCertificate {
  /** Common name of the subject. */
  readonly commonName: string;
  /** SHA-256, lowercase hex. */
  readonly fingerprint: string;
  /** Whether our authority signed it. */
  readonly isTrusted: boolean;
}

/** What a client shows when it connects. */
export interface Connect {
  readonly clientId: string;
  readonly username: string;
  readonly password: string | undefined;
  /** Seconds. */
  readonly keepAliveS: number;
  /** The identity whose key opened the TLS connection. */
  readonly pskIdentity: string | undefined;
  readonly certificate: ClientCertificate | undefined;
}

/** Who connected, or how to refuse. */
export type Authentication =
  | {
      readonly type: "accepted";
      readonly device: DeviceAddress;
      readonly facts: DeviceFacts;
      readonly security: DeviceSecurity;
    }
  | { readonly type: "refused"; readonly returnCode: ConnackCode; readonly reason: string };

/** Judges a CONNECT. Client id, user name and TLS-PSK identity must name the same device. */
export function authenticate(
  connect: Connect,
  world: { digests: Digests; lookup: DeviceLookup; nowS: number; maxKeepAliveS: number },
): Authentication {
  const device = parseClientId(connect.clientId);
  if (device === undefined) return refused("identifierRejected", "client id names no device");
  if (connect.pskIdentity !== undefined && connect.pskIdentity !== connect.clientId)
    return refused("notAuthorized", "client id is not the TLS-PSK identity");
  if (connect.keepAliveS > world.maxKeepAliveS) return refused("notAuthorized", "keep-alive is too long");
  const name = parseMqttUsername(connect.username);
  if (name instanceof ProtocolError || name.clientId !== connect.clientId)
    return refused("badUserNameOrPassword", "user name does not fit the client id");
  const facts = world.lookup(device);
  if (facts === undefined) return refused("badUserNameOrPassword", "device is unknown");
  if (connect.pskIdentity !== undefined) return { type: "accepted", device, facts, security: "psk" };
  if (facts.key === undefined) {
    return isCertificateOf(facts, connect)
      ? { type: "accepted", device, facts, security: "certificate" }
      : refused("notAuthorized", "client certificate does not fit the device");
  }
  // The expiry is what keeps a user name that was overheard from being used for ever.
  if (name.expiryS <= BigInt(world.nowS)) return refused("badUserNameOrPassword", "user name has expired");
  const { username, password } = connect;
  if (password === undefined || !isMqttPassword(world.digests, { username, password, key: facts.key }))
    return refused("badUserNameOrPassword", "password is wrong");
  return { type: "accepted", device, facts, security: "password" };
}

function isCertificateOf(facts: DeviceFacts, connect: Connect): boolean {
  const { certificate } = connect;
  if (certificate === undefined) return false;
  if (facts.certificateFingerprint !== undefined)
    return certificate.fingerprint === facts.certificateFingerprint;
  return certificate.isTrusted && certificate.commonName === connect.clientId;
}

function refused(code: keyof typeof ConnackCode, reason: string): Authentication {
  return { type: "refused", returnCode: ConnackCode[code], reason };
}
