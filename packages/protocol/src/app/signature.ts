import { encodeUtf8, equalBytes, formatBase64 } from "../bytes.ts";
import type { Digests } from "../mqtt/credentials.ts";
import type { Secret } from "../secret.ts";

/** Text that an AppKey request signs: every field but `Signature`, sorted by code unit, `k=v` joined with `&`, not URL-encoded. */
export function appSigningText(body: Readonly<Record<string, unknown>>): string {
  return Object.keys(body)
    .filter((key) => key !== "Signature")
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((key) => `${key}=${signedText(body[key])}`)
    .join("&");
}

/** Base64 of HMAC-SHA1 under the AppSecret. */
export function signAppRequest(
  digests: Digests,
  body: Readonly<Record<string, unknown>>,
  appSecret: Secret,
): string {
  const digest = digests.hmac("sha1", encodeUtf8(appSecret.reveal()), encodeUtf8(appSigningText(body)));
  return formatBase64(digest);
}

/** Whether `body.Signature` fits. Some clients leave empty values out of what they sign, so both readings count. */
export function isAppRequestSigned(
  digests: Digests,
  body: Readonly<Record<string, unknown>>,
  appSecret: Secret,
): boolean {
  const given = encodeUtf8(typeof body["Signature"] === "string" ? body["Signature"] : "");
  const filled = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ""));
  return [body, filled].some((form) =>
    equalBytes(encodeUtf8(signAppRequest(digests, form, appSecret)), given),
  );
}

function signedText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
