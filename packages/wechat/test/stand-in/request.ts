import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { type Callbacks, WxFailure } from "./callbacks.ts";

/** Options of `wx.request` as far as anybody here gives them. */
export interface RequestOptions extends Callbacks<{
  data: unknown;
  statusCode: number;
  header: object;
}> {
  readonly url: string;
  readonly method?: string | undefined;
  readonly data?: unknown;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly dataType?: string | undefined;
  readonly responseType?: string | undefined;
}

const agent = new Agent({ keepAlive: false });

/** Sends what `wx.request` was given. @param url - Where it really goes. */
export function sendRequest(
  url: string,
  options: RequestOptions,
  onTask: (task: { abort(): void }) => void,
): Promise<{ data: unknown; statusCode: number; header: object }> {
  const { method = "GET", data, header = {}, dataType = "json", responseType = "text" } = options;
  const isBinary = data instanceof ArrayBuffer;
  const body = isBinary ? Buffer.from(data) : typeof data === "string" ? data : JSON.stringify(data ?? {});
  const hasBody = data !== undefined && method !== "GET";
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(new WxFailure(`${error.code ?? ""} ${error.message}`));
    const request = httpRequest(
      url,
      {
        method,
        agent,
        headers: {
          ...(hasBody && !isBinary ? { "content-type": "application/json" } : {}),
          ...header,
          ...(hasBody ? { "content-length": Buffer.byteLength(body) } : {}),
        },
      },
      (reply) => {
        readAll(reply).then((bytes) => {
          const text = bytes.toString("utf8");
          const value =
            responseType === "arraybuffer" ? Uint8Array.from(bytes).buffer : parsed(text, dataType);
          resolve({ data: value, statusCode: reply.statusCode ?? 0, header: reply.headers });
        }, fail);
      },
    );
    request.on("error", fail);
    request.end(hasBody ? body : undefined);
    onTask({ abort: () => request.destroy() });
  });
}

async function readAll(reply: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of reply) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** With `json`, text that is none is handed over as it is. */
function parsed(text: string, dataType: string): unknown {
  if (dataType !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
