import { encodeUtf8, passphraseProblem, Secret, ssidProblem } from "@softap/protocol";
import type { PortalRequest } from "../device-portal.ts";
import type { FormProblem } from "./page/texts.ts";
import type { ListedNetwork } from "./seen-networks.ts";

/** The form, read: what to try, or what is wrong with it. The SSID is kept in both cases, so that nobody types it twice. */
export interface JoinForm {
  readonly ssid: Uint8Array | undefined;
  readonly result: Pick<PortalRequest, "network" | "token"> | FormProblem;
}

/** Short tokens of the cloud; people type them in small letters, too, and group them. */
const codePattern = /^[A-Z0-9]{6}$/;
const longestSsidHex = 64;

/**
 * Reads what a person chose and typed.
 *
 * @param fields - `network`: hex of a listed SSID, or empty for the one in `ssid`; `passphrase`; `code`.
 */
export function readJoinForm(
  fields: ReadonlyMap<string, string>,
  networks: readonly ListedNetwork[],
): JoinForm {
  const ssid = ssidOf(fields);
  if (ssid.length === 0) return { ssid: undefined, result: "ssidMissing" };
  if (ssidProblem(ssid) !== undefined) return { ssid: undefined, result: "ssidLength" };
  const passphrase = fields.get("passphrase") ?? "";
  const id = fields.get("network");
  const security = networks.find((network) => network.id === id)?.security;
  const problem = passphraseMistake(passphrase, security);
  if (problem !== undefined) return { ssid, result: problem };
  const code = (fields.get("code") ?? "").replace(/[\s-]/g, "").toUpperCase();
  if (code !== "" && !codePattern.test(code)) return { ssid, result: "codeLength" };
  return {
    ssid,
    result: {
      network: { ssid, passphrase: passphrase === "" ? undefined : Secret.of(passphrase) },
      ...(code === "" ? {} : { token: Secret.of(code) }),
    },
  };
}

function ssidOf(fields: ReadonlyMap<string, string>): Uint8Array {
  const id = fields.get("network") ?? "";
  if (id === "") return encodeUtf8(fields.get("ssid") ?? "");
  const isHex = /^(?:[0-9a-f]{2})+$/.test(id) && id.length <= longestSsidHex;
  return isHex
    ? Uint8Array.from(id.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
    : new Uint8Array(0);
}

function passphraseMistake(passphrase: string, security: string | undefined): FormProblem | undefined {
  if (security === "open") return passphrase === "" ? undefined : "passphraseNotNeeded";
  if (passphrase === "") return security === undefined ? undefined : "passphraseMissing";
  return passphraseProblem(passphrase) === undefined ? undefined : "passphraseLength";
}
