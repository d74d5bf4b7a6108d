import { type ErrorCode, errorBasics, type Phase } from "@softap/protocol";
import { errorTexts, type Language } from "@softap/protocol/texts";
import type { PortalView } from "../../device-portal.ts";
import { escapeHtml } from "./html.ts";
import { pageTexts, type PageTexts } from "./texts.ts";

/** What the status tells of. */
export interface StatusContent {
  readonly view: PortalView;
  /** Name of the network that is being joined, where the page knows it. */
  readonly networkName: string | undefined;
  /** Whether the soft AP goes away while the device joins. */
  readonly leavesSoftAp: boolean;
  /** Why the page's last request was not even tried. */
  readonly refusal: ErrorCode | undefined;
}

/** Changes whenever the device has something new to tell. */
export function statusKey({ view }: StatusContent): string {
  return `${view.attempt}-${view.stage}-${view.phase}`;
}

/** The part of the page that follows the device; empty while nothing has happened. */
export function renderStatus(content: StatusContent, language: Language): string {
  const texts = pageTexts[language];
  const { view, refusal } = content;
  const refused = refusal === undefined ? "" : renderFailure(refusal, language);
  switch (view.stage) {
    case "waiting":
      return refused;
    case "failed":
      return renderFailure(refusal ?? view.failure?.code ?? "INTERNAL", language);
    case "working":
      return `<div class="box" data-stage="working"><h2 tabindex="-1">${texts.working}</h2><p class="hint">${
        content.leavesSoftAp ? texts.leavesHint : texts.workingHint
      }</p>${renderSteps(content, texts)}</div>`;
    case "done":
      return `<div class="box good" data-stage="done"><h2 tabindex="-1">${texts.done}</h2><p>${
        view.isNetworkOnly ? texts.doneJoined : texts.doneBound
      }</p></div>`;
  }
}

function renderFailure(code: ErrorCode, language: Language): string {
  const [what, action] = errorTexts[code][language];
  const stop = language === "zh" ? "。" : ".";
  return `<div class="box bad" data-stage="failed"><h2 tabindex="-1">${pageTexts[language].failed}</h2><p>${escapeHtml(
    what,
  )}${stop}</p><p>${escapeHtml(action)}${stop} <span class="meta">${errorBasics[code].number}</span></p></div>`;
}

/** How far each phase has come, counted in the steps of the list. */
const stepOfPhase: Readonly<Record<Phase, number>> = {
  received: 0,
  joining: 1,
  joined: 2,
  registering: 2,
  connecting: 2,
  reporting: 2,
  bound: 3,
  failed: 0,
};

function renderSteps({ view, networkName }: StatusContent, texts: PageTexts): string {
  const joining =
    networkName === undefined ? texts.joiningUnknown : texts.joining.replace("{}", () => networkName);
  const steps = [texts.received, joining, ...(view.isNetworkOnly ? [] : [texts.reporting]), texts.connected];
  const now = Math.min(stepOfPhase[view.phase], steps.length - 1);
  const items = steps.map((step, index) => {
    const text = escapeHtml(step);
    if (index < now)
      return `<li class="ok"><i aria-hidden="true">✓</i><span>${text}<span class="sr"> – ${texts.stepDone}</span></span></li>`;
    if (index === now) return `<li class="now" aria-current="step"><i></i><span>${text}</span></li>`;
    return `<li><i></i><span>${text}</span></li>`;
  });
  return `<ol>${items.join("")}</ol>`;
}
