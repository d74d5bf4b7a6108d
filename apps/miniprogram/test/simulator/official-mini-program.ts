import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type Element,
  type OfficialComponent,
  type OfficialNode,
  type OfficialSimulator,
  setGlobals,
} from "./official-simulator.ts";

interface OpenPage {
  readonly path: string;
  readonly component: OfficialComponent;
}

/** A part of a page that is not hidden. */
interface Seen {
  readonly dom: Element;
  readonly text: string;
}

/**
 * Runs a built mini program in WeChat's own packages: their compiler reads the templates, their component framework keeps the
 * data and carries the events. They know components only: a page becomes one, and the stack of pages is ours.
 */
export class OfficialMiniProgram {
  readonly #simulate: OfficialSimulator;
  readonly #body: Element;
  readonly #folder: string;
  readonly #ids = new Map<string, string>();
  readonly #stack: OpenPage[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #leave: () => void;
  #app: object = {};

  /** @param options.wx - Without navigation, which is this class's. */
  constructor(options: {
    readonly simulate: OfficialSimulator;
    readonly body: Element;
    readonly folder: string;
    readonly wx: object;
  }) {
    this.#simulate = options.simulate;
    this.#body = options.body;
    this.#folder = options.folder;
    this.#leave = setGlobals({
      wx: {
        ...options.wx,
        navigateTo: ({ url }: { url: string }) => this.#open(url),
        navigateBack: () => this.#back(),
        reLaunch: ({ url }: { url: string }) => {
          this.#closeAll();
          this.#open(url);
        },
        setNavigationBarTitle: () => {},
      },
      App: (app: object) => void (this.#app = app),
      getApp: () => this.#app,
      Page: ({ data, ...methods }: { data: object }) =>
        Reflect.get(globalThis, "Component")({ data, methods }),
    });
  }

  /** Starts the app and opens its first page. */
  start(): void {
    const require = createRequire(import.meta.url);
    const file = require.resolve(join(this.#folder, "app.js"));
    delete require.cache[file];
    require(file);
    // Its first page is what the app's settings name first.
    const { pages } = require(join(this.#folder, "app.json")) as { pages: readonly [string, ...string[]] };
    this.#open(`/${pages[0]}`);
  }

  /** Closes every page and takes WeChat's globals away. */
  close(): void {
    this.#closeAll();
    this.#leave();
  }

  /** Name of the page on top. */
  get page(): string {
    return this.#top.path.split("/").at(-1) ?? "";
  }

  /** Data of the page on top. */
  get data(): Readonly<Record<string, unknown>> {
    return this.#top.component.instance.data;
  }

  /** The text that is visible. */
  get text(): string {
    return this.#seen[0]?.text ?? "";
  }

  /** Taps what is visible and has exactly this text, or starts with it. */
  async tap(text: string): Promise<void> {
    const texts = new Map(this.#seen.map((seen) => [seen.dom, seen.text]));
    const all = this.#top.component
      .querySelectorAll(".button, .link, .item")
      .filter(({ dom }) => texts.has(dom));
    const found =
      all.find(({ dom }) => texts.get(dom) === text) ??
      all.find(({ dom }) => texts.get(dom)?.startsWith(text) === true);
    if (found === undefined) throw new Error(`nothing to tap says ${text}; there is ${this.text}`);
    found.dispatchEvent("tap");
    await eventTurn();
  }

  /** Types into an input. */
  async type(field: string, value: string): Promise<void> {
    const inputs = this.#top.component.querySelectorAll(".input");
    const input = inputs.find(({ dom }) => dom.getAttribute("data-field") === field);
    if (input === undefined) throw new Error(`there is no input ${field}`);
    input.dispatchEvent("input", { detail: { value } });
    await eventTurn();
  }

  /** Waits until something holds; looked at whenever data changes or a page comes or goes. */
  async until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((done, fail) => {
      const watch = (): void => {
        if (this.#stack.length === 0 || !holds()) return;
        clearTimeout(timer);
        this.#watchers.delete(watch);
        done();
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(watch);
        fail(new Error(`waited for ${what}; ${this.page} shows: ${this.text}`));
      }, limitMs);
      this.#watchers.add(watch);
    });
  }

  /** Waits for a text. */
  async untilText(text: string): Promise<void> {
    await this.until(text, () => this.text.includes(text));
  }

  get #top(): OpenPage {
    const top = this.#stack.at(-1);
    if (top === undefined) throw new Error("no page is open");
    return top;
  }

  /** Outer before inner; the first is the page. */
  get #seen(): readonly Seen[] {
    const { component } = this.#top;
    return walk(component.toJSON(), component.dom);
  }

  #open(url: string): void {
    const [path = "", query = ""] = url.replace(/^\//, "").split("?");
    const component = this.#simulate.render(this.#idOf(path));
    const { instance } = component;
    const { setData } = instance;
    instance["setData"] = (changed: object) => {
      if (typeof setData === "function") setData.call(instance, changed);
      for (const watch of this.#watchers) watch();
    };
    component.attach(this.#body);
    this.#stack.push({ path, component });
    const pairs = query === "" ? [] : query.split("&").map((pair) => pair.split("="));
    call(instance, "onLoad", Object.fromEntries(pairs));
    call(instance, "onShow");
  }

  #idOf(path: string): string {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    const options = { compiler: "official", rootPath: this.#folder } as const;
    const id = this.#simulate.load(join(this.#folder, path), "main", options);
    this.#ids.set(path, id);
    return id;
  }

  #back(): void {
    if (this.#stack.length < 2) return;
    this.#close();
    call(this.#top.component.instance, "onShow");
    for (const watch of this.#watchers) watch();
  }

  #closeAll(): void {
    while (this.#stack.length > 0) this.#close();
  }

  #close(): void {
    const page = this.#stack.pop();
    if (page === undefined) return;
    call(page.component.instance, "onUnload");
    page.component.detach();
  }
}

function call(instance: OfficialComponent["instance"], name: string, ...given: readonly unknown[]): void {
  const method = instance[name];
  if (typeof method === "function") method.apply(instance, given);
}

/** The framework's tree and the document are alike; only the tree knows what is hidden. */
function walk(node: OfficialNode, dom: Element): readonly Seen[] {
  if (node.attrs.some(({ name, value }) => name === "hidden" && value === true)) return [];
  const inner = node.children.map((child, index): readonly Seen[] => {
    const at = dom.childNodes[index];
    if (at === undefined) throw new Error("the document has not what the framework shows");
    return typeof child === "string" ? [{ dom: at, text: child }] : walk(child, at);
  });
  const text = inner.map(([first]) => first?.text ?? "").join(" ");
  return [{ dom, text: text.replace(/\s+/g, " ").trim() }, ...inner.flat()];
}

/** The framework hands an event on in a microtask; this comes after all of those. */
function eventTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
