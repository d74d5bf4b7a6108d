import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runInThisContext } from "node:vm";
import { render, type Shown, type ShownElement, type Templates, textOf, visible } from "./render.ts";
import { parseWxml } from "./wxml.ts";

/** What `Page()` was given, as an opened page. */
type PageObject = Record<string, unknown> & {
  data: Record<string, unknown>;
  setData: (changed: Record<string, unknown>) => void;
};

interface OpenPage {
  readonly path: string;
  readonly object: PageObject;
  /** What was typed, by `data-field`; a real input keeps it, too. */
  readonly typed: Map<string, string>;
}

/** Runs a built mini program: its scripts, its page stack and its templates. Stands in for WeChat, which no test can start. */
export class MiniProgram {
  readonly #folder: string;
  readonly #wx: object;
  readonly #modules = new Map<string, { exports: object }>();
  readonly #options = new Map<string, Record<string, unknown>>();
  readonly #stack: OpenPage[] = [];
  readonly #watchers = new Set<() => void>();
  #app: object = {};
  #loading = "";

  /** @param wx - Without navigation, which is this class's. */
  constructor(folder: string, wx: object) {
    this.#folder = folder;
    this.#wx = {
      ...wx,
      navigateTo: ({ url }: { url: string }) => this.#open(url),
      navigateBack: () => this.#back(),
      reLaunch: ({ url }: { url: string }) => {
        while (this.#stack.length > 0) this.#close();
        this.#open(url);
      },
      setNavigationBarTitle: () => {},
    };
  }

  /** Starts the app and opens its first page. */
  start(): void {
    this.#require("app.js");
    // Its first page is what the app's settings name first.
    const { pages } = JSON.parse(this.#read("app.json")) as { pages: readonly [string, ...string[]] };
    this.#open(`/${pages[0]}`);
  }

  /** Closes every page, as leaving the mini program for good does. */
  close(): void {
    while (this.#stack.length > 0) this.#close();
  }

  get pageCount(): number {
    return this.#stack.length;
  }

  /** Name of the page on top. */
  get page(): string {
    return this.#top.path.split("/").at(-1) ?? "";
  }

  /** Data of the page on top. */
  get data(): Readonly<Record<string, unknown>> {
    return this.#top.object.data;
  }

  /** What the page on top shows, with what was typed into it. */
  get shown(): readonly Shown[] {
    return this.shownWith({});
  }

  /** What it would show with other data, for states that take minutes to come. */
  shownWith(changed: Readonly<Record<string, unknown>>): readonly Shown[] {
    const { path, object } = this.#top;
    return render(parseWxml(this.#read(`${path}.wxml`)), { ...object.data, ...changed }, this.#templates);
  }

  /** The text that is visible. */
  get text(): string {
    return textOf(this.shown);
  }

  /** What was typed into a field of the page on top. */
  typed(field: string): string | undefined {
    return this.#top.typed.get(field);
  }

  /** Styles of the app and of the page on top. */
  get styles(): string {
    const file = `${this.#top.path}.wxss`;
    const own = globSync(file, { cwd: this.#folder }).length > 0 ? this.#read(file) : "";
    return `${this.#read("app.wxss")}\n${own}`;
  }

  /** Taps the innermost visible thing that listens and has exactly this text, or starts with it. */
  tap(text: string): void {
    const all = [...visible(this.shown)].filter(({ attributes }) => attributes["bindtap"] !== undefined);
    const texts = all.map((element) => textOf([element]));
    const at =
      Math.max(texts.indexOf(text), -1) >= 0
        ? texts.indexOf(text)
        : texts.findIndex((own) => own.startsWith(text));
    const found = all[at];
    if (found === undefined) throw new Error(`nothing to tap says ${text}; there is ${texts.join(" | ")}`);
    this.#fire(found, "bindtap", {});
  }

  /** Types into a visible input. */
  type(field: string, value: string): void {
    const input = [...visible(this.shown)].find(({ attributes }) => attributes["data-field"] === field);
    if (input === undefined) throw new Error(`there is no input ${field}`);
    this.#top.typed.set(field, value);
    this.#fire(input, "bindinput", { value });
  }

  /** Pulls the page down. */
  pullDown(): void {
    this.#call(this.#top.object, "onPullDownRefresh");
  }

  /** Leaves the page on top, as the arrow of the title bar does. */
  leave(): void {
    this.#back();
  }

  /** Waits until something holds; looked at whenever data changes or a page comes or goes. */
  async until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((done, fail) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
      };
      const watch = (): void => {
        if (this.#stack.length === 0 || !holds()) return;
        end();
        done();
      };
      const timer = setTimeout(() => {
        end();
        fail(new Error(`waited for ${what}; ${this.page} shows: ${this.text}`));
      }, limitMs);
      this.#watchers.add(watch);
    });
  }

  /** Waits for a text. */
  async untilText(text: string, limitMs?: number): Promise<void> {
    await this.until(text, () => this.text.includes(text), limitMs);
  }

  get #top(): OpenPage {
    const top = this.#stack.at(-1);
    if (top === undefined) throw new Error("no page is open");
    return top;
  }

  get #templates(): Templates {
    const files = globSync("templates/*.wxml", { cwd: this.#folder });
    const all = files.flatMap((file) => parseWxml(this.#read(file)));
    return new Map(
      all.flatMap((item) =>
        typeof item === "string" ? [] : [[item.attributes["name"] ?? "", item.children]],
      ),
    );
  }

  #fire(element: ShownElement, binding: string, detail: object): void {
    const name = element.attributes[binding];
    const dataset = Object.fromEntries(
      Object.entries(element.attributes)
        .filter(([attribute]) => attribute.startsWith("data-"))
        .map(([attribute, value]) => [
          attribute.slice(5).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
          value,
        ]),
    );
    const { object } = this.#top;
    if (typeof name !== "string" || typeof object[name] !== "function")
      throw new Error(`${this.page} has no handler ${String(name)}`);
    this.#call(object, name, { detail, currentTarget: { dataset } });
  }

  #call(object: PageObject, name: string, ...given: readonly unknown[]): void {
    const member = object[name];
    if (typeof member === "function") member.call(object, ...given);
  }

  #open(url: string): void {
    const [path = "", query = ""] = url.replace(/^\//, "").split("?");
    this.#require(`${path}.js`);
    const options = this.#options.get(path);
    if (options === undefined) throw new Error(`${path}.js did not call Page()`);
    const object: PageObject = {
      ...options,
      data: {},
      setData: (changed) => {
        // The real one takes only what JSON has, and complains of `undefined`.
        if (Object.values(changed).includes(undefined)) throw new Error(`setData has undefined in ${path}`);
        object.data = { ...object.data, ...(structuredClone(changed) as object) };
        this.#forgetInputs();
        this.#changed();
      },
    };
    this.#stack.push({ path, object, typed: new Map() });
    // As WeChat does: the values come as they stand in the URL.
    const pairs = query === "" ? [] : query.split("&").map((pair) => pair.split("=") as [string, string]);
    this.#call(object, "onLoad", Object.fromEntries(pairs));
    this.#call(object, "onShow");
    this.#changed();
  }

  #back(): void {
    // The first page stays, as there.
    if (this.#stack.length < 2) return;
    this.#close();
    this.#call(this.#top.object, "onShow");
    this.#changed();
  }

  #close(): void {
    const page = this.#stack.pop();
    if (page !== undefined) this.#call(page.object, "onUnload");
  }

  /** An input that is taken off the page forgets what was typed; one that is hidden does not. */
  #forgetInputs(): void {
    const page = this.#stack.at(-1);
    if (page === undefined || page.typed.size === 0) return;
    const fields = new Set(inputsOf(this.shown));
    for (const field of page.typed.keys()) if (!fields.has(field)) page.typed.delete(field);
  }

  #changed(): void {
    for (const watch of this.#watchers) watch();
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), "utf8");
  }

  #require(file: string): object {
    const known = this.#modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    this.#modules.set(file, module);
    const before = this.#loading;
    this.#loading = file.replace(/\.js$/, "");
    const run = runInThisContext(
      `(function (require, module, exports, wx, App, Page, getApp) { ${this.#read(file)}\n})`,
      file,
    ) as (...given: readonly unknown[]) => void;
    run(
      (name: string) => this.#require(resolve("/", dirname(file), name).slice(1)),
      module,
      module.exports,
      this.#wx,
      (app: object) => void (this.#app = app),
      (options: Record<string, unknown>) => void this.#options.set(this.#loading, options),
      () => this.#app,
    );
    this.#loading = before;
    return module.exports;
  }
}

/** `data-field` of every input, also of those that are hidden. */
function inputsOf(shown: readonly Shown[]): readonly string[] {
  return shown.flatMap((part) =>
    typeof part === "string"
      ? []
      : [
          ...(part.tag === "input" ? [String(part.attributes["data-field"])] : []),
          ...inputsOf(part.children),
        ],
  );
}
