import type { Language } from "@softap/protocol/texts";
import { decodeFields } from "./http/fields.ts";
import { type PageReply, plainReply, redirect } from "./http/reply.ts";
import type { PageRequest } from "./http/request.ts";
import { chooseLanguage } from "./page/texts.ts";
import { internetReply } from "./probes.ts";
import type { Setup } from "./setup.ts";

/** Path of the captive portal API. */
export const captiveApiPath = "/captive";

/** What requests are answered with. */
export interface RouteContext {
  readonly mode: "on" | "app-only";
  /** `192.168.4.1`, with the port unless it is 80. */
  readonly authority: string;
  readonly policy: string;
  readonly setup: Setup;
}

/**
 * Answers a request. Only what is addressed to the device itself reaches the page; whatever else is asked for is a
 * connectivity probe, or a page that there is no way to.
 */
export function route(request: PageRequest, context: RouteContext): PageReply | Promise<PageReply> {
  const { mode, authority } = context;
  const isOwn = request.host === authority || (request.host === "" && mode === "on");
  if (!isOwn) return answerProbe(request, context);
  if (request.path === captiveApiPath)
    return request.method === "POST" ? plainReply(405) : captiveApi(context);
  if (mode === "app-only") return answerAppOnly(request, context);
  return request.method === "POST" ? change(request, context) : show(request, context);
}

function answerProbe(request: PageRequest, { mode, authority }: RouteContext): PageReply {
  // A form that another site sends us under its own name is never ours.
  if (request.method === "POST") return plainReply(403);
  if (mode === "on") return redirect(302, `http://${authority}/`);
  return internetReply(request) ?? plainReply(404);
}

function answerAppOnly(request: PageRequest, context: RouteContext): PageReply {
  if (request.method === "POST") return plainReply(403);
  if (request.path !== "/") return internetReply(request) ?? plainReply(404);
  return html(context, 200, context.setup.appOnly(languageOf(request)));
}

function captiveApi({ mode, authority }: RouteContext): PageReply {
  const state =
    mode === "on" ? { captive: true, "user-portal-url": `http://${authority}/` } : { captive: false };
  return { status: 200, type: "application/captive+json", body: JSON.stringify(state) };
}

function show(request: PageRequest, context: RouteContext): PageReply {
  const language = languageOf(request);
  const { setup, authority } = context;
  if (request.path === "/") return html(context, 200, setup.page(language));
  if (request.path === "/status") {
    const { key, body } = setup.status(language);
    return html(context, 200, body, { "x-state": key });
  }
  const isProbe = internetReply(request) !== undefined;
  // A reload of what a form was sent to.
  const isForm = request.path === "/join" || request.path === "/search";
  return isProbe || isForm ? redirect(302, `http://${authority}/`) : plainReply(404);
}

async function change(request: PageRequest, context: RouteContext): Promise<PageReply> {
  if (!isFromOwnPage(request, context)) return plainReply(403);
  const { setup } = context;
  const language = languageOf(request);
  const back = redirect(303, `/?lang=${language}`);
  switch (request.path) {
    case "/join": {
      const type = request.headers.get("content-type") ?? "";
      const fields = /^application\/x-www-form-urlencoded\b/i.test(type)
        ? decodeFields(request.body)
        : undefined;
      if (fields === undefined) return plainReply(400);
      const problem = setup.join(fields);
      return problem === undefined ? back : html(context, 422, setup.page(language, problem));
    }
    case "/search":
    case "/networks":
      if (setup.canRescan) await setup.search();
      return request.path === "/search" ? back : html(context, 200, setup.networks(language));
    default:
      return plainReply(404);
  }
}

/** Forms come from our own page: browsers say from where. What says nothing is no browser of these years. */
function isFromOwnPage({ headers }: PageRequest, { authority }: RouteContext): boolean {
  const own = `http://${authority}`;
  const site = headers.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = headers.get("origin");
  return origin === undefined ? (headers.get("referer") ?? "").startsWith(`${own}/`) : origin === own;
}

function languageOf({ query, headers }: PageRequest): Language {
  const asked = query.get("lang");
  return asked === "en" || asked === "zh" ? asked : chooseLanguage(headers.get("accept-language") ?? "");
}

function html(
  { policy }: RouteContext,
  status: 200 | 422,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): PageReply {
  const type = "text/html; charset=utf-8";
  return { status, type, body, headers: { "content-security-policy": policy, ...headers } };
}
