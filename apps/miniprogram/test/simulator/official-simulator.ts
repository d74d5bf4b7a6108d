import { createRequire } from "node:module";

/** The members of `miniprogram-simulate` that are used; its own types would declare WeChat's globals for every test. */
export interface OfficialSimulator {
  /** Runs a component's script and compiles its template. @returns Its id */
  load(
    path: string,
    tagName: string,
    options: { readonly compiler: "official"; readonly rootPath: string },
  ): string;
  render(id: string): OfficialComponent;
}

/** A component that WeChat's framework renders, or an element in it. */
export interface OfficialComponent {
  readonly dom: Element;
  /** What `this` is in its methods. */
  readonly instance: Record<string, unknown> & { readonly data: Readonly<Record<string, unknown>> };
  attach(parent: Element): void;
  detach(): void;
  querySelectorAll(selector: string): readonly OfficialComponent[];
  /** Comes to the element after the call has returned. */
  dispatchEvent(name: string, options?: { readonly detail: object }): void;
  toJSON(): OfficialNode;
}

/** An element as the framework knows it. */
export interface OfficialNode {
  readonly attrs: readonly { readonly name: string; readonly value: unknown }[];
  readonly children: readonly (OfficialNode | string)[];
}

/** What is used of an element of jsdom. */
export interface Element {
  readonly childNodes: ArrayLike<Element>;
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

/** WeChat's simulator, and the document that it draws into. */
export interface OfficialWorld {
  readonly simulate: OfficialSimulator;
  readonly body: Element;
  /** Takes the browser's globals away again. */
  leave(): void;
}

/** Loads WeChat's simulator into a document of jsdom's, which it takes for the browser of its whole life. */
export function enterOfficialWorld(): OfficialWorld {
  const require = createRequire(import.meta.url);
  // jsdom gives a window with these members; the test fails where it does not.
  const { JSDOM } = require("jsdom") as {
    JSDOM: new (html: string) => { window: Record<string, unknown> & { document: { body: Element } } };
  };
  const { window } = new JSDOM("<!doctype html><body></body>");
  const names = ["document", "Node", "Element", "HTMLElement", "Event", "CustomEvent", "TouchEvent"] as const;
  const leave = setGlobals({ window, ...Object.fromEntries(names.map((name) => [name, window[name]])) });
  // Its own types say the same, see the interface.
  const simulate = require("miniprogram-simulate") as OfficialSimulator;
  return { simulate, body: window.document.body, leave };
}

/** Sets globals, which other test files of the process must not find. @returns What puts the former ones back */
export function setGlobals(values: object): () => void {
  const former = Object.keys(values).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  Object.assign(globalThis, values);
  return () => {
    for (const [name, property] of former)
      if (property === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, property);
  };
}
