/*
 *  softap:OSPB5ASRWT/dev_01?ap=softap-dev_01&key=abcd1234&proof=0420&check=d434
 *         └ product ┘└ name┘    └ soft AP ──┘     └ its key ┘      └ PoP      └ of everything before it
 */
import {
  decodeUtf8,
  encodeUtf8,
  passphraseProblem,
  ProtocolError,
  protocolLimits,
  Secret,
  ssidProblem,
  utf8Length,
} from "@softap/protocol";
import { decodePercent, encodePercent } from "../percent.ts";
import { labelCheck } from "./label-check.ts";
import { personLimits } from "./limits.ts";

/** What stands on a device or its box. `softAp` is what `provision()` takes. */
export interface DeviceLabel {
  /** 10 letters and digits. */
  readonly productId: string;
  /** 1–48 letters, digits and `_ - : .` */
  readonly deviceName: string;
  readonly softAp: {
    /** 1–32 bytes. */
    readonly ssid: Uint8Array;
    /** 8–63 bytes; absent where the soft AP is open. */
    readonly passphrase?: Secret;
  };
  /** Proof of possession: a text that only who holds the device can know; 1–64 bytes. */
  readonly proof?: Secret;
}

const scheme = /^softap:/i;
const identity = new RegExp(
  `^([A-Za-z0-9]{${protocolLimits.productIdLength}})/([\\w.:-]{1,${protocolLimits.maxDeviceNameBytes}})$`,
);

/**
 * Reads a device label, scanned or typed. The check at its end tells a typing error (`LABEL_TYPO`) from a label that was made
 * wrong or is no label at all (`LABEL_INVALID`). Members that it does not know are skipped.
 *
 * @param text - At most 2 953 characters; white space around it does no harm.
 * @throws {@link ProtocolError} `LABEL_INVALID`, `LABEL_TYPO`, `SSID_LENGTH`, `PASSPHRASE_LENGTH`
 */
export function parseDeviceLabel(text: string): DeviceLabel {
  const label = text.trim();
  if (label.length > personLimits.maxQrCharacters)
    throw invalid(`It has ${label.length} characters, at most ${personLimits.maxQrCharacters} are allowed`);
  if (!scheme.test(label)) throw invalid("It does not begin with softap:");
  const [, checked = "", check = ""] = /^(.*)&check=([0-9a-f]{4})$/i.exec(label) ?? [];
  const body = checked.slice("softap:".length);
  if (labelCheck(`softap:${body}`) !== check.toLowerCase())
    throw new ProtocolError("LABEL_TYPO", "The device label does not go with its check");
  const [path = "", query = "", ...rest] = body.split("?");
  const [, productId, deviceName] = identity.exec(path) ?? [];
  if (productId === undefined || deviceName === undefined || rest.length > 0)
    throw invalid("It does not name a product and a device");
  const members = readMembers(query);
  const ssid = members.get("ap") ?? new Uint8Array();
  const passphrase = readSecret(members, "key");
  const proof = readSecret(members, "proof");
  const content: DeviceLabel = {
    productId,
    deviceName,
    softAp: { ssid, ...(passphrase === undefined ? {} : { passphrase }) },
    ...(proof === undefined ? {} : { proof }),
  };
  checkContent(content);
  return content;
}

/**
 * Writes the label of a device, for printing or for a code to scan.
 *
 * @returns The text; it opens the soft AP, so it is a secret.
 * @throws {@link ProtocolError} `LABEL_INVALID`, `SSID_LENGTH`, `PASSPHRASE_LENGTH`
 * @example
 * ```ts
 * const label = formatDeviceLabel({
 *   productId: "OSPB5ASRWT",
 *   deviceName: "dev_01",
 *   softAp: { ssid: encodeUtf8("softap-dev_01"), passphrase: Secret.of("abcd1234") },
 * });
 * expect(label.reveal()).toBe("softap:OSPB5ASRWT/dev_01?ap=softap-dev_01&key=abcd1234&check=7142");
 * ```
 */
export function formatDeviceLabel(label: DeviceLabel): Secret {
  checkContent(label);
  const { productId, deviceName, softAp, proof } = label;
  const members = [
    ["ap", softAp.ssid],
    ["key", softAp.passphrase && encodeUtf8(softAp.passphrase.reveal())],
    ["proof", proof && encodeUtf8(proof.reveal())],
  ] as const;
  const query = members.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodePercent(value)}`],
  );
  const text = `softap:${productId}/${deviceName}?${query.join("&")}`;
  return Secret.of(`${text}&check=${labelCheck(text)}`);
}

function checkContent({ productId, deviceName, softAp, proof }: DeviceLabel): void {
  if (!identity.test(`${productId}/${deviceName}`)) throw invalid("Its product or device name is not valid");
  const passphrase = softAp.passphrase?.reveal();
  const problem =
    ssidProblem(softAp.ssid) ?? (passphrase === undefined ? undefined : passphraseProblem(passphrase));
  if (problem !== undefined) throw problem;
  if (passphrase === "")
    throw new ProtocolError("PASSPHRASE_LENGTH", "The passphrase of the soft AP is empty");
  if (proof === undefined) return;
  const length = utf8Length(proof.reveal());
  if (length < 1 || length > personLimits.maxProofBytes)
    throw invalid(`Its proof has ${length} bytes, 1 to ${personLimits.maxProofBytes} are allowed`);
}

function readMembers(query: string): ReadonlyMap<string, Uint8Array> {
  const members = new Map<string, Uint8Array>();
  for (const member of query.split("&")) {
    const [, name = "", value = ""] = /^([a-z]+)=(.*)$/.exec(member) ?? [];
    if (name === "") throw invalid("One of its members has no name");
    if (members.has(name)) throw invalid("One of its members stands there twice");
    const bytes = decodePercent(value);
    if (bytes === undefined) throw invalid("One of its members is not encoded right");
    members.set(name, bytes);
  }
  return members;
}

function readSecret(members: ReadonlyMap<string, Uint8Array>, name: string): Secret | undefined {
  const bytes = members.get(name);
  if (bytes === undefined) return undefined;
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid("One of its members is not UTF-8");
  return Secret.of(text);
}

function invalid(why: string): ProtocolError {
  return new ProtocolError("LABEL_INVALID", `This is no device label: ${why}`);
}
