import { neverCanceled, type StreamConnection } from "@softap/ports";
import { encodeUtf8, formatHex } from "@softap/protocol";
import type { VirtualHost } from "@softap/virtual";
import type { World } from "./world.ts";

/** A reply, taken apart. */
export interface WebReply {
  /** 0 when the connection closed without a reply. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is asked for beside the path. */
export interface Asking {
  /** @defaultValue the device's own address */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form, by POST, from the page itself unless the headers say otherwise. */
  readonly form?: Readonly<Record<string, string>>;
  /** Who asks. @defaultValue the phone */
  readonly from?: VirtualHost;
  /** Whom. @defaultValue 192.168.4.1 */
  readonly to?: string;
}

const own = "192.168.4.1";

/** A connection to the portal, whose bytes are collected. */
export async function connectTo(
  world: World,
  from: VirtualHost = world.phoneHost,
  to: string = own,
): Promise<{ stream: StreamConnection; text: () => string; isClosed: () => boolean }> {
  const connecting = from.streams.connect({ to: { address: to, port: 80 }, signal: neverCanceled });
  const heard: Uint8Array[] = [];
  let isClosed = false;
  const stream = await world.clock.complete(
    connecting.then((connection) => {
      connection.onBytes = (bytes) => heard.push(bytes);
      connection.onClosed = () => {
        isClosed = true;
      };
      return connection;
    }),
    5_000,
  );
  return { stream, text: () => Buffer.concat(heard).toString(), isClosed: () => isClosed };
}

/** Asks the portal as a browser does, over the soft AP. */
export async function browse(world: World, path: string, asking: Asking = {}): Promise<WebReply> {
  const { host = own, headers = {}, form } = asking;
  const { stream, text, isClosed } = await connectTo(world, asking.from, asking.to);
  const body = form === undefined ? "" : new URLSearchParams(form).toString();
  const all = {
    Host: host,
    ...(form === undefined
      ? {}
      : {
          Origin: `http://${host}`,
          "Content-Type": "application/x-www-form-urlencoded",
          "Content-Length": String(body.length),
        }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${form === undefined ? "GET" : "POST"} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  await stream.write(encodeUtf8(head + body), { signal: neverCanceled }).catch(() => undefined);
  await world.until(isClosed, 30_000);
  return parseReply(text());
}

function parseReply(text: string): WebReply {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
  return {
    status: Number(first.split(" ")[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: rest.join("\r\n\r\n"),
  };
}

/** The form as the page sends it for a listed network. */
export function joinForm(fields: {
  ssid?: string;
  passphrase?: string;
  code?: string;
}): Record<string, string> {
  const { ssid = "Home-WiFi", passphrase = "abcd1234", code = "" } = fields;
  return { network: formatHex(encodeUtf8(ssid)), ssid: "", passphrase, code };
}
