import type { ViewState } from "./view-state.ts";

/** A page's logic: what it shows, and what a page tells it of its own life. */
export interface PageModel {
  readonly view: ViewState<{ readonly title: string }>;
  /** The page was opened. */
  open?(): unknown;
  /** The page came up, at first or again. */
  shown?(): unknown;
  /** The person pulled the page down. */
  refresh?(): unknown;
  /** The page is gone. */
  close?(): void;
}

/** The query of a page's URL, decoded. */
export type PageQuery = Readonly<Record<string, string | undefined>>;

/** What a page hands to its handlers. */
export interface PageEvent {
  readonly detail: { readonly value?: string };
  readonly currentTarget: { readonly dataset: Readonly<Record<string, string | undefined>> };
}

/** What `wx` makes of the options of a page, as far as is used. */
interface PageInstance<Model> {
  setData(changed: object): void;
  model?: Model;
  disconnect?: () => void;
}

/**
 * Makes the options of `Page()` from a model: its view becomes the page's data, and events go to handlers.
 *
 * @param options.create - Makes the model of one opened page from the query of its URL.
 * @param options.setTitle - Writes the title bar.
 * @param options.handlers - By the name that the page's `bindtap` and the like give.
 */
export function pageOptions<Model extends PageModel, Name extends string>(options: {
  readonly create: (query: PageQuery) => Model;
  readonly setTitle: (title: string) => void;
  readonly handlers: Readonly<Record<Name, (model: Model, event: PageEvent) => unknown>>;
}) {
  const { create, setTitle, handlers } = options;
  const life = {
    data: {},
    onLoad(this: PageInstance<Model>, query: PageQuery): void {
      const decoded = Object.entries(query).map(([name, value = ""]) => [name, decode(value)]);
      const model = create(Object.fromEntries(decoded));
      this.model = model;
      this.disconnect = model.view.subscribe((changed) => this.setData(changed));
      setTitle(model.view.value.title);
      void model.open?.();
    },
    onShow(this: PageInstance<Model>): void {
      void this.model?.shown?.();
    },
    onPullDownRefresh(this: PageInstance<Model>): void {
      void this.model?.refresh?.();
    },
    onUnload(this: PageInstance<Model>): void {
      this.disconnect?.();
      this.model?.close?.();
    },
  };
  // `entries` of a record has its keys; the compiler keeps only that they are texts.
  const names = Object.keys(handlers) as Name[];
  const bound = names.map((name) => [
    name,
    function (this: PageInstance<Model>, event: PageEvent): void {
      if (this.model !== undefined) void handlers[name](this.model, event);
    },
  ]);
  return { ...life, ...Object.fromEntries(bound) };
}

/** Whoever shares a link may write anything into it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
