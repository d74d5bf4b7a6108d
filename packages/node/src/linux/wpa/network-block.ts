import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { NetworkCredentials, NetworkSecurity } from "@softap/ports";
import { formatHex, Secret } from "@softap/protocol";

/** How our block is told from others in a configuration file. */
const blockMark = "softap";

const pskRounds = 4096;
const pskBytes = 32;

/**
 * The block of wpa_supplicant's configuration for a network. Every text of others stands in it as hex digits or escapes:
 * a passphrase with a line break must not become a line of the file.
 */
export async function formatNetworkBlock(
  network: NetworkCredentials,
  security: NetworkSecurity,
): Promise<Secret> {
  const lines = [`ssid=${formatHex(network.ssid)}`, "scan_ssid=1"];
  if (network.bssid !== undefined) lines.push(`bssid=${network.bssid}`);
  const { passphrase } = network;
  if (passphrase === undefined) lines.push("key_mgmt=NONE");
  else {
    const isSae = security === "wpa3-sae" || security === "wpa2-wpa3";
    const isPsk = security !== "wpa3-sae";
    lines.push(
      `key_mgmt=${[...(isPsk ? ["WPA-PSK", "WPA-PSK-SHA256"] : []), ...(isSae ? ["SAE"] : [])].join(" ")}`,
    );
    lines.push(`ieee80211w=${security === "wpa3-sae" ? 2 : 1}`);
    if (isPsk) lines.push(`psk=${(await wifiPsk(network.ssid, passphrase)).reveal()}`);
    if (isSae) lines.push(`sae_password=P"${escaped(passphrase)}"`);
  }
  lines.push(`id_str="${blockMark}"`);
  return Secret.of(`network={\n${lines.map((line) => `\t${line}\n`).join("")}}\n`);
}

/** The 256-bit key of a WPA2 network as 64 hex digits. @see IEEE 802.11-2020, annex J.4 */
export async function wifiPsk(ssid: Uint8Array, passphrase: Secret): Promise<Secret> {
  const text = passphrase.reveal();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return passphrase;
  return Secret.of(formatHex(await promisify(pbkdf2)(text, ssid, pskRounds, pskBytes, "sha1")));
}

function escaped(passphrase: Secret): string {
  return Array.from(
    Buffer.from(passphrase.reveal()),
    (byte) => `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}

/** The parts of a configuration file: what is ours, and everything else as it stands. */
export interface ConfigParts {
  readonly others: Secret;
  /** Our block, if there is one. */
  readonly own: { readonly block: Secret; readonly ssid: Uint8Array } | undefined;
}

/** Takes a configuration file apart. When it holds more than one block of ours, the last one counts. */
export function splitConfig(text: Secret): ConfigParts {
  let own: ConfigParts["own"];
  const others = text.reveal().replaceAll(/^[ \t]*network=\{\n[^]*?^[ \t]*\}[ \t]*\n?/gm, (block) => {
    if (!block.includes(`id_str="${blockMark}"`)) return block;
    const ssid = /^\s*ssid=([0-9a-f]+)$/m.exec(block)?.[1];
    if (ssid !== undefined)
      own = { block: Secret.of(block), ssid: Uint8Array.from(Buffer.from(ssid, "hex")) };
    return "";
  });
  return { others: Secret.of(others), own };
}

/** A configuration file with `block` as its only one of ours, or none. */
export function joinConfig(others: Secret, block: Secret | undefined): Secret {
  const rest = others.reveal();
  const separator = rest === "" || rest.endsWith("\n") ? "" : "\n";
  return Secret.of(rest + separator + (block?.reveal() ?? ""));
}
