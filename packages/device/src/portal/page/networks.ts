import type { Language } from "@softap/protocol/texts";
import type { ListedNetwork } from "../seen-networks.ts";
import { escapeHtml } from "./html.ts";
import { pageTexts, type PageTexts } from "./texts.ts";

/** What is chosen in the list. */
export interface ChosenNetwork {
  /** Hex of the SSID. */
  readonly id: string;
  /** The SSID where it is text: what a person could type. */
  readonly text: string;
}

/** The list to choose a network from, with room for the name of one that is not in it. */
export function renderNetworks(
  networks: readonly ListedNetwork[],
  chosen: ChosenNetwork | undefined,
  language: Language,
): string {
  const texts = pageTexts[language];
  const isListed = networks.some(({ id, obstacle }) => id === chosen?.id && obstacle === undefined);
  const isOther = networks.length === 0 || (chosen !== undefined && !isListed);
  const items = networks.map((network, index) =>
    renderNetwork(network, { texts, index, isChosen: isListed && network.id === chosen?.id }),
  );
  const typed = isOther ? escapeHtml(chosen?.text ?? "") : "";
  return `${networks.length === 0 ? `<p class="hint">${texts.noNetworks}</p>` : ""}${items.length === 0 ? "" : `<div class="list">${items.join("")}</div>`}<div class="list"><label class="net" for="other"><input type="radio" id="other" name="network" value=""${isOther ? " checked" : ""}><b>${texts.otherNetwork}</b></label></div><div class="field other"><label for="ssid">${texts.ssid}</label><input id="ssid" name="ssid" maxlength="32" autocapitalize="none" autocorrect="off" spellcheck="false" value="${typed}"></div>`;
}

function renderNetwork(
  { id, label, bars, bands, security, obstacle }: ListedNetwork,
  { texts, index, isChosen }: { texts: PageTexts; index: number; isChosen: boolean },
): string {
  const band = `${bands.map((name) => name.replace("GHz", "")).join(" + ")} GHz`;
  const meta = [
    obstacle === "band" ? texts.onlyBand.replace("{}", band) : band,
    texts.security[security],
    ...(obstacle === undefined ? [] : [texts.obstacle[obstacle]]),
  ].join(" · ");
  const state = obstacle === undefined ? (isChosen ? " checked" : "") : " disabled";
  return `<label class="net${obstacle === undefined ? "" : " no"}" for="n${index}"><input type="radio" id="n${index}" name="network" value="${id}"${state}><span><b dir="auto">${escapeHtml(label)}</b><span class="meta">${meta}<span class="sr">, ${texts.signal[bars]}</span></span></span><svg aria-hidden="true"><use href="#s${bars}"/></svg></label>`;
}
