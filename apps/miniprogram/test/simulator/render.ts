import { compileFunction } from "node:vm";
import type { ElementTemplate, Template } from "./wxml.ts";

/** What a page shows. */
export type Shown = string | ShownElement;

/** An element that a page shows. */
export interface ShownElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly children: readonly Shown[];
}

type Scope = Readonly<Record<string, unknown>>;
/** `<template name>` by name. */
export type Templates = ReadonlyMap<string, readonly Template[]>;

/** Renders a template. A name that the data does not have is an error, so that a spelling mistake is one. */
export function render(templates: readonly Template[], scope: Scope, named: Templates): readonly Shown[] {
  const shown: Shown[] = [];
  // Whether an earlier branch of the chain of conditions was taken.
  let isTaken = true;
  for (const template of templates) {
    if (typeof template === "string") {
      shown.push(String(evaluate(template.replace(/\s+/g, " "), scope)));
      continue;
    }
    const { attributes } = template;
    const condition = attributes["wx:if"] ?? attributes["wx:elif"];
    if (attributes["wx:if"] !== undefined) isTaken = false;
    if (condition !== undefined || attributes["wx:else"] !== undefined) {
      const holds = !isTaken && (condition === undefined || Boolean(evaluate(condition, scope)));
      if (!holds) continue;
      isTaken = true;
    }
    shown.push(...renderRepeated(template, scope, named));
  }
  return shown;
}

function renderRepeated(template: ElementTemplate, scope: Scope, named: Templates): readonly Shown[] {
  const list = template.attributes["wx:for"];
  if (list === undefined) return renderElement(template, scope, named);
  const items = evaluate(list, scope);
  if (!Array.isArray(items)) throw new Error(`WXML: wx:for="${list}" is not a list`);
  if (template.attributes["wx:key"] === undefined) throw new Error(`WXML: wx:for="${list}" has no wx:key`);
  return items.flatMap((item: unknown, index) => renderElement(template, { ...scope, item, index }, named));
}

function renderElement(template: ElementTemplate, scope: Scope, named: Templates): readonly Shown[] {
  const { tag, attributes, children } = template;
  if (tag === "import" || attributes["name"] !== undefined) return [];
  if (tag === "template") {
    const content = named.get(attributes["is"] ?? "");
    if (content === undefined) throw new Error(`WXML: no template ${attributes["is"]}`);
    const data = (attributes["data"] ?? "").replace(/^\{\{(.*)\}\}$/, "{{({$1})}}");
    // An object literal is an object.
    return render(content, evaluate(data, scope) as Scope, named);
  }
  const content = render(children, scope, named);
  if (tag === "block") return content;
  const values = Object.entries(attributes)
    .filter(([name]) => !name.startsWith("wx:"))
    .map(([name, value]) => [name, evaluate(value, scope)]);
  return [{ tag, attributes: Object.fromEntries(values), children: content }];
}

/** A text with `{{expressions}}`; one that is nothing but an expression keeps its value. */
function evaluate(text: string, scope: Scope): unknown {
  const [, only] = /^\s*\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text) ?? [];
  if (only !== undefined) return run(only, scope);
  return text.replace(/\{\{(.*?)\}\}/gs, (_, expression: string) => String(run(expression, scope)));
}

function run(expression: string, scope: Scope): unknown {
  const compiled = compileFunction(`"use strict"; return (${expression});`, Object.keys(scope));
  const value: unknown = Reflect.apply(compiled, undefined, Object.values(scope));
  if (value === undefined) throw new Error(`WXML: {{${expression}}} is undefined`);
  return value;
}

/** Every element that is not hidden, outer before inner. */
export function* visible(shown: readonly Shown[]): Generator<ShownElement> {
  for (const element of shown) {
    if (typeof element === "string" || element.attributes["hidden"] === true) continue;
    yield element;
    yield* visible(element.children);
  }
}

/** The text of what is visible. */
export function textOf(shown: readonly Shown[]): string {
  return shown
    .map((part) => {
      if (typeof part === "string") return part;
      return part.attributes["hidden"] === true ? "" : textOf(part.children);
    })
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
