import { type CancelSignal, type Clock, type Crypto, type HttpClient, type Random } from "@softap/ports";
import {
  decodeRegistrationReply1,
  decodeRegistrationReply2,
  decryptRegistrationPayload,
  encodeRegistration1,
  encodeRegistration2,
  ProtocolError,
  type RegisteredCredentials,
  registrationPath1,
  registrationPath2,
  type Secret,
} from "@softap/protocol";
import { type Failure, failure, registrationFailureOf } from "../failure.ts";
import type { DeviceIdentity } from "../options.ts";

/** What one registration needs. */
export interface RegistrationOptions {
  readonly identity: DeviceIdentity;
  readonly productSecret: Secret;
  /** Origin of the registration service; a path of it is kept. */
  readonly url: string;
  readonly form: 1 | 2;
  readonly ports: {
    readonly clock: Clock;
    readonly random: Random;
    readonly crypto: Crypto;
    readonly http: HttpClient;
  };
  readonly signal: CancelSignal;
}

/** HTTP status from which the fault is the server's and may pass. */
const serverFault = 500;
/** The vendor's "internal error": the one answer of the cloud that may pass. */
const internalError = 1000;
/** Longest reply, bytes; certificates make it long. */
const maxReplyBytes = 16_384;

/**
 * Asks the cloud for the device's own credentials.
 *
 * @returns Them, or why there are none
 * @throws What the HTTP port throws: `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `UNREACHABLE`, `TLS_FAILED`, `REPLY_TOO_LONG`
 */
export async function registerDevice(options: RegistrationOptions): Promise<RegisteredCredentials | Failure> {
  const { ports, productSecret, signal } = options;
  const { url, headers, body } = options.form === 1 ? requestOfForm1(options) : requestOfForm2(options);
  const reply = await ports.http.request({ method: "POST", url, headers, body, maxReplyBytes, signal });
  if (reply.status >= serverFault) return failure("CLOUD_UNREACHABLE", { subId: -reply.status });
  const decoded =
    options.form === 1 ? decodeRegistrationReply1(reply.body) : decodeRegistrationReply2(reply.body);
  if (decoded instanceof ProtocolError) return failure("REGISTRATION_REPLY_INVALID");
  if (decoded.type === "refused") {
    const refused = registrationFailureOf(decoded.code);
    return decoded.code === internalError ? { ...refused, canRetry: true } : refused;
  }
  const credentials = decryptRegistrationPayload(ports.crypto, { payload: decoded.payload, productSecret });
  return credentials instanceof ProtocolError ? failure("REGISTRATION_REPLY_INVALID") : credentials;
}

interface SignedRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

function requestOfForm1({ identity, productSecret, url, ports }: RegistrationOptions): SignedRequest {
  const { productId, deviceName } = identity;
  const body = encodeRegistration1(ports.crypto, {
    productId,
    deviceName,
    nonce: nonce(ports.random),
    timestampS: timestampS(ports.clock),
    productSecret,
  });
  return { url: withPath(url, registrationPath1), headers: { "content-type": "application/json" }, body };
}

function requestOfForm2({ identity, productSecret, url, ports }: RegistrationOptions): SignedRequest {
  const { productId, deviceName } = identity;
  const signed = encodeRegistration2(ports.crypto, {
    productId,
    deviceName,
    host: hostOf(url),
    timestampS: timestampS(ports.clock),
    nonce: nonce(ports.random),
    productSecret,
  });
  return { url: withPath(url, registrationPath2), ...signed };
}

function withPath(url: string, path: string): string {
  return url.endsWith(path) ? url : `${url.replace(/\/+$/, "")}${path}`;
}

/** Host name of a URL, without user and port. */
function hostOf(url: string): string {
  return /^https?:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]+)/i.exec(url)?.[1] ?? "";
}

/** 31 bits, as the vendor's SDKs send. */
function nonce(random: Random): number {
  return random.bytes(4).reduce((value, byte) => value * 256 + byte, 0) % 0x8000_0000;
}

/** Unix seconds; 0 as long as the device does not know the time. */
function timestampS(clock: Clock): number {
  return Math.floor((clock.wallMs() ?? 0) / 1000);
}
