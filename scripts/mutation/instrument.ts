import type { Mutation } from "./mutation.ts";
import { childrenOf, type Node, parse } from "./syntax.ts";

export interface NumberedMutation extends Mutation {
  readonly id: number;
}

/** The file with all its mutations compiled in: `$mutant(id)` says which of them is on, `$tick()` counts the rounds of loops. */
export function instrument(file: string, source: string, mutations: readonly NumberedMutation[]): string {
  const program = parse(file, source);
  const expressions = byPlace(mutations, "expression");
  const statements = byPlace(mutations, "statement");
  const functions = byPlace(mutations, "function");
  return render(program);

  function render(node: Node): string {
    let text = inside(node);
    const key = keyOf(node);
    const here = isExpression(node) ? expressions.get(key) : undefined;
    if (here !== undefined) {
      expressions.delete(key);
      const choices = here.map(({ id, text: other }) => `$mutant(${id}) ? (${other}) : `);
      return `(${choices.join("")}(${text}))`;
    }
    for (const { id } of take(statements, node, isStatement)) text = `{ if (!$mutant(${id})) { ${text} } }`;
    for (const { id } of take(functions, node, isBlock))
      text = `{ if ($mutant(${id})) return; ${text.slice(1)}`;
    return text;
  }

  function inside(node: Node): string {
    let text = "";
    let at = node.start;
    for (const child of childrenOf(node)) {
      if (child.start < at) continue;
      const isLoopBody = "body" in node && node.body === child && loops.has(node.type);
      text += source.slice(at, child.start);
      text += isLoopBody ? `{ $tick(); ${render(child)} }` : render(child);
      at = child.end;
    }
    return text + source.slice(at, node.end);
  }
}

const loops = new Set([
  "WhileStatement",
  "DoWhileStatement",
  "ForStatement",
  "ForOfStatement",
  "ForInStatement",
]);

type Places = Map<string, NumberedMutation[]>;

function byPlace(mutations: readonly NumberedMutation[], place: Mutation["place"]): Places {
  const places: Places = new Map();
  for (const mutation of mutations)
    if (mutation.place === place) {
      const key = keyOf(mutation);
      places.set(key, [...(places.get(key) ?? []), mutation]);
    }
  return places;
}

function take(places: Places, node: Node, fits: (node: Node) => boolean): readonly NumberedMutation[] {
  const key = keyOf(node);
  const found = fits(node) ? places.get(key) : undefined;
  if (found !== undefined) places.delete(key);
  return found ?? [];
}

function keyOf(range: { readonly start: number; readonly end: number }): string {
  return `${range.start}-${range.end}`;
}

function isStatement(node: Node): boolean {
  return node.type.endsWith("Statement");
}

function isBlock(node: Node): boolean {
  return node.type === "BlockStatement";
}

/** A program may have the range of its only statement. */
function isExpression(node: Node): boolean {
  return node.type !== "Program" && !isStatement(node);
}
