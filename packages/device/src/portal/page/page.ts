import { type Crypto } from "@softap/ports";
import { encodeUtf8, formatBase64 } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";
import type { ListedNetwork } from "../seen-networks.ts";
import { escapeHtml } from "./html.ts";
import { type ChosenNetwork, renderNetworks } from "./networks.ts";
import { pageScript } from "./script.ts";
import { renderStatus, statusKey, type StatusContent } from "./status.ts";
import { pageStyle } from "./style.ts";
import { type FormProblem, pageTexts, type PageTexts } from "./texts.ts";

/** What the page shows. There is no place in it for a passphrase or a code. */
export interface PageContent {
  readonly deviceName: string;
  readonly status: StatusContent;
  readonly networks: readonly ListedNetwork[];
  readonly canRescan: boolean;
  readonly chosen: ChosenNetwork | undefined;
  /** What is wrong with the form that came. */
  readonly problem: FormProblem | undefined;
}

/** What the browser may load and do: our one style, our one script, our own address. */
export function contentSecurityPolicy(crypto: Crypto): string {
  const hashOf = (text: string): string => `'sha256-${formatBase64(crypto.sha256(encodeUtf8(text)))}'`;
  return [
    "default-src 'none'",
    `style-src ${hashOf(pageStyle)}`,
    `script-src ${hashOf(pageScript)}`,
    "connect-src 'self'",
    "img-src data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The signal bars, once; the list refers to them. */
const symbols = `<svg width="0" height="0" aria-hidden="true" focusable="false">${[1, 2, 3, 4]
  .map(
    (bars) =>
      `<symbol id="s${bars}" viewBox="0 0 22 22">${[1, 2, 3, 4]
        .map(
          (bar) =>
            `<rect x="${bar * 5 - 3}" y="${18 - bar * 4}" width="3" height="${bar * 4}" rx="1"${bar > bars ? ' opacity=".25"' : ""}/>`,
        )
        .join("")}</symbol>`,
  )
  .join("")}</svg>`;

/** The whole page. */
export function renderPage(content: PageContent, language: Language): string {
  const texts = pageTexts[language];
  const { status, deviceName, problem } = content;
  const { stage } = status.view;
  const title = texts.title.replace("{}", () => escapeHtml(deviceName));
  const other = language === "en" ? "zh" : "en";
  const isFormHidden = stage === "working" || stage === "done";
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><link rel="icon" href="data:,">`,
    stage === "working" ? '<noscript><meta http-equiv="refresh" content="3"></noscript>' : "",
    `<style>${pageStyle}</style></head>`,
    `<body data-state="${statusKey(status)}" data-show="${texts.show}" data-hide="${texts.hide}"`,
    ` data-again="${texts.searchAgain}" data-searching="${texts.searching}">${symbols}`,
    `<main><header><h1>${title}</h1><a href="/?lang=${other}" lang="${other}">${texts.otherLanguage}</a></header>`,
    '<div id="status" role="status" aria-live="polite">',
    problem === undefined ? renderStatus(status, language) : "",
    "</div>",
    `<p id="lost" class="box" role="status" hidden>${texts.lost}</p>`,
    `<div id="setup"${isFormHidden ? " hidden" : ""}>${renderForm(content, texts, language)}</div>`,
    `</main><script>${pageScript}</script></body></html>`,
  ].join("");
}

function renderForm(content: PageContent, texts: PageTexts, language: Language): string {
  const { networks, chosen, canRescan, problem } = content;
  const wrong = problem === undefined ? undefined : fieldOf[problem];
  const noteFor = (field: Field): string =>
    problem !== undefined && wrong === field
      ? `<p class="wrong" role="alert" id="problem">${texts.problem[problem]}</p>`
      : "";
  const marks = (field: Field): string =>
    wrong === field
      ? ` aria-invalid="true" autofocus aria-describedby="problem ${field}-hint"`
      : ` aria-describedby="${field}-hint"`;
  return [
    `<p class="dim intro">${texts.intro}</p>`,
    `<form id="join" method="post" action="/join?lang=${language}" autocomplete="off">`,
    `<fieldset${wrong === "network" ? ' aria-describedby="problem"' : ""}><legend>${texts.network}</legend>`,
    canRescan
      ? `<div class="top"><button class="plain" id="again" form="search">${texts.searchAgain}</button></div>`
      : "",
    `<div id="networks">${renderNetworks(networks, chosen, language)}</div>${noteFor("network")}</fieldset>`,
    `<div class="field"><label for="passphrase">${texts.passphrase}</label><div class="row">`,
    `<input id="passphrase" name="passphrase" type="password" maxlength="64" ${untouched} autocapitalize="none"${marks("passphrase")}>`,
    '<button type="button" id="show" aria-pressed="false" aria-controls="passphrase" hidden>',
    `${texts.show}</button></div>${noteFor("passphrase")}`,
    `<p class="hint" id="passphrase-hint">${texts.passphraseHint}</p></div>`,
    `<div class="field"><label for="code">${texts.code}</label>`,
    `<input id="code" name="code" maxlength="8" ${untouched} autocapitalize="characters"${marks("code")}>`,
    `${noteFor("code")}<p class="hint" id="code-hint">${texts.codeHint}</p></div>`,
    `<button class="main">${texts.connect}</button></form>`,
    `<form id="search" method="post" action="/search?lang=${language}" hidden></form>`,
  ].join("");
}

/** Nothing of a field is remembered, corrected or sent to a spelling service. */
const untouched = 'autocomplete="off" autocorrect="off" spellcheck="false"';

type Field = "network" | "passphrase" | "code";

const fieldOf: Readonly<Record<FormProblem, Field>> = {
  ssidMissing: "network",
  ssidLength: "network",
  passphraseMissing: "passphrase",
  passphraseLength: "passphrase",
  passphraseNotNeeded: "passphrase",
  codeLength: "code",
};

/** The page of a device that is set up by its app alone. */
export function renderAppOnly(deviceName: string, language: Language): string {
  const name = escapeHtml(deviceName);
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><title>${name}</title><link rel="icon" href="data:,">`,
    `<style>${pageStyle}</style></head><body><main><h1>${name}</h1><p>${pageTexts[language].appOnly}</p></main></body></html>`,
  ].join("");
}
