import { displayBytes, encodeUtf8, formatBase64, formatHex, type Secret } from "@softap/protocol";
import { encodePercent } from "../percent.ts";
import { personLimits } from "../person/limits.ts";

const mask = "[redacted]";

/** Names under which firmware of any maker prints what must not be read. */
const secretWords =
  "pass(?:word|phrase|wd)?|pwd|psk|pmk|secret|token|proof|pop|credential|authorization|signature|(?:private|access|app|device|product)[_-]?key|key";
/** `name=value`, `name: value`, `"name":"value"`, `name = "value"`, also within JSON; the value goes up to its quote or bracket, or to a space or comma. */
const namedSecret = new RegExp(
  String.raw`((?:^|[^A-Za-z])[A-Za-z_-]{0,24}(?:${secretWords})\\{0,3}["']?\s{0,2}[:=]\s{0,2})(\\{1,3}"[^"]*(?:"|$)|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\[[^\]]*(?:\]|$)|[^\s,;}&]+)`,
  "gi",
);
const namedNetwork = new RegExp(
  String.raw`((?:^|[^A-Za-z])(?:essid|ssid)\\{0,3}["']?\s{0,2}[:=]\s{0,2})(\\{1,3}"[^"]*(?:"|$)|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\[[^\]]*(?:\]|$)|[^\s,;}&]+)`,
  "gi",
);
/** Keys, digests and tokens look like this whatever they are called. */
const longRun = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
/** Such as `WIFI_UNSUPPORTED_SECURITY`: chance does not write whole words in one case. */
const words = /^(?:[A-Z_]+|[a-z_-]+)$/;
const macAddress = /\b([0-9a-f]{2}([:-])[0-9a-f]{2}\2[0-9a-f]{2})(?:\2[0-9a-f]{2}){3}\b/gi;
const email = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;

/**
 * Makes a function that takes secrets and personal data out of a text: the given ones in every spelling that logs use, and
 * whatever looks like a passphrase, a key, a network's name, a MAC address or an e-mail address.
 *
 * @param known.secrets - At most 32; those shorter than 4 characters would hit by chance and are skipped.
 * @param known.names - SSIDs; those shorter than 3 characters are skipped.
 * @param known.harmless - Texts that may stay although they are long, such as the device's id.
 */
export function redaction(known: {
  readonly secrets: readonly Secret[];
  readonly names: readonly (string | Uint8Array)[];
  readonly harmless: readonly string[];
}): (text: string) => string {
  const { secrets, names, harmless } = known;
  const hidden = secrets
    .slice(0, personLimits.maxKnownSecrets)
    .map((secret) => secret.reveal())
    .filter((text) => text.length >= 4)
    .flatMap(spellings);
  const ssids = names
    .map((name) => (typeof name === "string" ? name : displayBytes(name)))
    .filter((text) => text.length >= 3)
    .flatMap(spellings);
  const hiddenPatterns = patternsOf(hidden);
  const ssidPatterns = patternsOf(ssids);
  const isHarmless = (run: string): boolean => words.test(run) || harmless.some((id) => id.includes(run));
  return (text) => {
    let clean = text;
    for (const pattern of hiddenPatterns) clean = clean.replaceAll(pattern, mask);
    for (const pattern of ssidPatterns) clean = clean.replaceAll(pattern, "[network]");
    return clean
      .replaceAll(namedSecret, `$1${mask}`)
      .replaceAll(namedNetwork, "$1[network]")
      .replaceAll(macAddress, "$1$2xx$2xx$2xx")
      .replaceAll(email, "[e-mail]")
      .replaceAll(longRun, (run) => (isHarmless(run) ? run : mask));
  };
}

/** A text as logs print it: plain, in JSON, in JSON within JSON, in a URL, in hex, in base64. */
function spellings(text: string): readonly string[] {
  const bytes = encodeUtf8(text);
  const hex = formatHex(bytes);
  return [
    text,
    inJson(text),
    inJson(inJson(text)),
    encodePercent(bytes),
    hex,
    hex.toUpperCase(),
    hex.replaceAll(/..(?!$)/g, "$& "),
    formatBase64(bytes),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Without regard to case, because logs print hex and names in either; the longest first, because one may be part of another. */
function patternsOf(spelled: readonly string[]): readonly RegExp[] {
  return [...new Set(spelled)]
    .toSorted((a, b) => b.length - a.length)
    .map((text) => new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu"));
}
