import type { NetworkSecurity } from "@softap/ports";
import {
  decodeUtf8,
  encodeUtf8,
  formatHex,
  isWellFormed,
  passphraseProblem,
  ProtocolError,
  protocolLimits,
  Secret,
  ssidProblem,
} from "@softap/protocol";
import { personLimits } from "./limits.ts";

/** A network as a code on a router or on another phone tells it. */
export interface WifiQr {
  /** 1–32 bytes. */
  readonly ssid: Uint8Array;
  /**
   * What the name would be if its hex digits meant bytes. A name of hex digits alone, such as `cafe`, can be read both ways,
   * and few phones write the quotes that would tell; look which of the two is on the air.
   */
  readonly otherSsid?: Uint8Array;
  readonly security: NetworkSecurity;
  readonly passphrase?: Secret;
  /** The network does not tell its name. */
  readonly isHidden: boolean;
}

/** How codes write the security, in capitals; what comes first is what we write. */
const securities: readonly (readonly [word: string, security: NetworkSecurity])[] = [
  ["nopass", "open"],
  ["WPA", "wpa2-psk"],
  ["SAE", "wpa3-sae"],
  ["WEP", "wep"],
  ["WPA2-EAP", "enterprise"],
  ["", "open"],
  ["WPA2", "wpa2-psk"],
  ["WPA/WPA2", "wpa2-psk"],
  ["WPA2/WPA3", "wpa2-wpa3"],
  ["WPA3", "wpa3-sae"],
];

/** `WIFI:` then fields `K:value;` in any order, then one more `;`. A backslash takes the meaning from what follows it. */
const scheme = /^WIFI:/i;
const fieldAt = /([A-Za-z0-9]+):((?:[^;\\]|\\[^])*);/y;
const quoted = /^"((?:[^"\\]|\\[^])*)"$/;
const hexBytes = /^(?:[0-9a-f]{2})+$/i;

/**
 * Reads a `WIFI:` text, as routers print it and phones show it. Fields that it does not know, such as the transition-disable
 * mark `R`, are skipped.
 *
 * @param text - What the scanner gave, at most 2 953 characters.
 * @throws {@link ProtocolError} `LABEL_INVALID` when it is none or is cut off, `SSID_LENGTH`, `PASSPHRASE_LENGTH`
 * @example
 * ```ts
 * const network = parseWifiQr("WIFI:T:WPA;S:Home\\;WiFi;P:abcd1234;;");
 * expect(decodeUtf8(network.ssid)).toBe("Home;WiFi");
 * expect(network.passphrase?.reveal()).toBe("abcd1234");
 * ```
 */
export function parseWifiQr(text: string): WifiQr {
  const fields = readFields(text);
  const security = securityOf(fields.get("T"), fields.get("P") ?? "");
  const name = readSsid(fields.get("S") ?? "");
  const passphrase = security === "open" ? "" : unescape(fields.get("P") ?? "");
  checkPassphrase(security, passphrase);
  return {
    ...name,
    security,
    ...(passphrase === "" ? {} : { passphrase: Secret.of(passphrase) }),
    isHidden: /^true$/i.test(fields.get("H") ?? ""),
  };
}

/**
 * Writes the text of a code for a network; phones of any make read it.
 *
 * A name that is not UTF-8 is written in hex digits.
 *
 * @throws {@link ProtocolError} `SSID_LENGTH`, `PASSPHRASE_LENGTH`
 */
export function formatWifiQr(
  network: Omit<WifiQr, "otherSsid" | "isHidden"> & { readonly isHidden?: boolean },
): Secret {
  const { ssid, security, isHidden = false } = network;
  const passphrase = security === "open" ? "" : (network.passphrase?.reveal() ?? "");
  const problem = ssidProblem(ssid);
  if (problem !== undefined) throw problem;
  checkPassphrase(security, passphrase);
  const name = decodeUtf8(ssid);
  // Every WPA2 and WPA3 phone can join a mixed network by the older word.
  const word = securities.find(([, known]) => known === security)?.[0] ?? "WPA";
  const fields = [
    `T:${security === "wpa2-wpa3" ? "WPA" : word}`,
    `S:${name === undefined ? formatHex(ssid) : hexBytes.test(name) ? `"${name}"` : escape(name)}`,
    ...(passphrase === "" ? [] : [`P:${escape(passphrase)}`]),
    ...(isHidden ? ["H:true"] : []),
  ];
  return Secret.of(`WIFI:${fields.join(";")};;`);
}

function readFields(text: string): ReadonlyMap<string, string> {
  const code = text.trim();
  if (code.length > personLimits.maxQrCharacters)
    throw invalid(`It has ${code.length} characters, at most ${personLimits.maxQrCharacters} are allowed`);
  if (!scheme.test(code)) throw invalid("It does not begin with WIFI:");
  if (!isWellFormed(code)) throw invalid("It is not well-formed text");
  const fields = new Map<string, string>();
  let at = "WIFI:".length;
  for (;;) {
    fieldAt.lastIndex = at;
    const [whole, key = "", value = ""] = fieldAt.exec(code) ?? [];
    if (whole === undefined) break;
    if (fields.has(key)) throw invalid(`Field ${key.slice(0, 1)} stands there twice`);
    fields.set(key, value);
    at += whole.length;
  }
  if (code.slice(at) !== ";") throw invalid("It does not end with ;; or a field is not closed");
  return fields;
}

function securityOf(word: string | undefined, passphrase: string): NetworkSecurity {
  // Without a word, the passphrase tells.
  if (word === undefined) return passphrase === "" ? "open" : "wpa2-psk";
  const capitals = unescape(word).toUpperCase();
  const known = securities.find(([name]) => name.toUpperCase() === capitals);
  if (known === undefined) throw invalid("Its kind of security is not known");
  return known[1];
}

function readSsid(raw: string): Pick<WifiQr, "ssid" | "otherSsid"> {
  const name = unescape(raw);
  const asText = encodeUtf8(name);
  const asBytes = !quoted.test(raw) && hexBytes.test(name) ? parseHex(name) : undefined;
  const fits = asText.length <= protocolLimits.maxSsidBytes;
  const ssid = asBytes !== undefined && !fits ? asBytes : asText;
  const problem = ssidProblem(ssid);
  if (problem !== undefined) throw problem;
  return { ssid, ...(asBytes !== undefined && fits ? { otherSsid: asBytes } : {}) };
}

function checkPassphrase(security: NetworkSecurity, passphrase: string): void {
  if (security === "open" || security === "wep" || security === "enterprise") return;
  const problem = passphraseProblem(passphrase);
  if (problem !== undefined) throw problem;
  if (passphrase === "")
    throw new ProtocolError("PASSPHRASE_LENGTH", "The network is protected, but there is no passphrase");
}

function unescape(raw: string): string {
  return (quoted.exec(raw)?.[1] ?? raw).replaceAll(/\\([^])/g, "$1");
}

function escape(text: string): string {
  return text.replaceAll(/[\\;,:"]/g, "\\$&");
}

function parseHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function invalid(why: string): ProtocolError {
  return new ProtocolError("LABEL_INVALID", `This is no Wi-Fi code: ${why}`);
}
