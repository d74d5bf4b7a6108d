import type { MiniProgram } from "./mini-program.ts";
import type { Shown } from "./render.ts";

/** What WeChat's own elements look like where a page says nothing, and its title bar. */
const frame = `
html, body { margin: 0; font-family: "Noto Sans CJK SC", sans-serif; }
html:lang(en) body { font-family: "Noto Sans CJK KR", sans-serif; }
page, view, scroll-view { display: block; }
[hidden] { display: none; }
scroll-view { overflow-y: auto; }
input { padding: 0; border: 0; outline: 0; background: transparent; font-family: inherit; }
.title-bar { height: 44px; line-height: 44px; font-weight: 600; font-size: 17px; text-align: center; background: var(--background); }
.screen { min-height: calc(100vh - 44px) !important; }
* { animation: none !important; }`;

/**
 * The page on top as a document that a browser shows like WeChat.
 *
 * @param options.language - Picks the font: the quotation marks of a Chinese one are as wide as its signs.
 * @param options.changed - Data in the place of the page's own.
 */
export function htmlOf(
  program: MiniProgram,
  options: { readonly language: "en" | "zh"; readonly changed: Readonly<Record<string, unknown>> },
): string {
  const { language, changed } = options;
  const title = String(program.data["title"]);
  const body = program
    .shownWith(changed)
    .map((part) => markup(part, program))
    .join("");
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>${frame}${program.styles}</style><page><div class="title-bar">${escape(title)}</div>${body}</page>`;
}

function markup(part: Shown, program: MiniProgram): string {
  if (typeof part === "string") return escape(part);
  const { tag, attributes, children } = part;
  const { class: className = "", hidden } = attributes;
  const common = `class="${escape(String(className))}"${hidden === true ? " hidden" : ""}`;
  if (tag !== "input")
    return `<${tag} ${common}>${children.map((child) => markup(child, program)).join("")}</${tag}>`;
  const field = String(attributes["data-field"]);
  const { value: given } = attributes;
  // An input that the page gives a value shows that one, whatever was typed before.
  const value = typeof given === "string" ? given : (program.typed(field) ?? "");
  const type = attributes["password"] === true ? "password" : "text";
  return `<input ${common} type="${type}" value="${escape(value)}">`;
}

function escape(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
