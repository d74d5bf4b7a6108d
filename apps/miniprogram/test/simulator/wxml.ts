/** An element of a page's template, or a text. */
export type Template = string | ElementTemplate;

/** An element as it stands in the file. */
export interface ElementTemplate {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Template[];
}

const token =
  /<!--[\s\S]*?-->|<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w:*-]+(?:="[^"]*")?)*)\s*(\/?)>|((?:\{\{[\s\S]*?\}\}|[^<])+)/gy;

/** Parses WXML strictly: what the real thing forgives, such as a tag that is never closed, is an error here. */
export function parseWxml(source: string): readonly Template[] {
  const open: { tag: string; attributes: Record<string, string>; children: Template[] }[] = [
    { tag: "", attributes: {}, children: [] },
  ];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const from = token.lastIndex;
    const found = token.exec(source);
    const parent = open.at(-1);
    if (found === null || parent === undefined)
      throw new Error(`WXML: cannot read at ${source.slice(from, from + 40)}`);
    const [, closing, opening, attributes = "", slash, text] = found;
    if (closing !== undefined) {
      if (closing !== parent.tag || open.length === 1)
        throw new Error(`WXML: </${closing}> closes <${parent.tag}>`);
      open.pop();
    } else if (opening !== undefined) {
      const element = { tag: opening, attributes: parseAttributes(attributes), children: [] };
      parent.children.push(element);
      if (slash === "") open.push(element);
    } else if (text !== undefined && text.trim() !== "") parent.children.push(text);
  }
  const [root] = open;
  if (root === undefined || open.length > 1) throw new Error(`WXML: <${open.at(-1)?.tag}> is not closed`);
  return root.children;
}

function parseAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:*-]+)(?:="([^"]*)")?/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}
