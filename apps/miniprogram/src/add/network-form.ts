import {
  encodeUtf8,
  passphraseProblem,
  type ProtocolError,
  type Secret,
  ssidProblem,
} from "@softap/protocol";
import type { AddTexts } from "../texts/texts.ts";

/** What is wrong with a network's name or passphrase, so that nothing can be sent. */
export function networkProblem(network: {
  readonly ssid: string;
  readonly passphrase: Secret;
}): ProtocolError | undefined {
  return ssidProblem(encodeUtf8(network.ssid)) ?? passphraseProblem(network.passphrase.reveal());
}

/** What may be wrong with a network, in words; the person decides. */
export function networkDoubts(
  network: { readonly ssid: string; readonly passphrase: Secret },
  softApSsid: string,
  t: AddTexts["wifi"],
): readonly string[] {
  const { ssid, passphrase } = network;
  if (ssid === "") return [];
  return [
    ...(ssid === softApSsid ? [t.sameAsSoftAp] : []),
    ...(ssid === ssid.trim() ? [] : [t.spaces]),
    ...(/(?:^|[^0-9])5[\s_-]?g(?:hz)?(?![a-z0-9])/i.test(ssid) ? [t.looksLike5Ghz] : []),
    ...(passphrase.reveal() === "" ? [t.open] : []),
  ];
}
