import type { Mutation } from "./mutation.ts";
import { conditionOf, replacementsOf } from "./operators.ts";
import { childrenOf, type Node, parse } from "./syntax.ts";

/** Every mutation of a file, in the order of the text. */
export function findMutations(file: string, source: string): readonly Mutation[] {
  const found: Mutation[] = [];
  visit(parse(file, source), undefined, undefined);
  return found.sort((a, b) => a.start - b.start || b.end - a.end);

  function visit(node: Node, parent: Node | undefined, chain: Node | undefined): void {
    if (isDirective(node)) return;
    const within = chain !== undefined && (node === chain || isLink(node)) ? chain : undefined;
    for (const text of replacementsOf(node, parent, source)) replace(node, text, within);
    const condition = conditionOf(node);
    for (const value of condition?.values ?? [])
      if (condition && textOf(condition.test) !== value) replace(condition.test, value, undefined);
    if (node.type === "ChainExpression") for (const link of linksOf(node.expression)) require(link, node);
    if (isRemovable(node)) remove(node);
    if (isFunction(node) && node.body) visitFunction(node.body);
    for (const child of childrenOf(node)) {
      if (node.type === "ChainExpression") visit(child, node, node);
      else visit(child, node, within !== undefined && isNext(node, child) ? within : undefined);
    }
  }

  function visitFunction(body: Node): void {
    if (body.type !== "BlockStatement") {
      if (!hasOwnMutations(body)) replace(body, "undefined", undefined);
      return;
    }
    const [first, second] = body.body;
    if (first === undefined || (second === undefined && isRemovable(first))) return;
    found.push({ ...placeOf(body), place: "function", before: "{ … }", after: "{}", text: "" });
  }

  /** A link of an optional chain can't be wrapped on its own: what follows it would no longer be left out with it. */
  function replace(node: Node, text: string, chain: Node | undefined): void {
    const outer = chain ?? node;
    const whole = source.slice(outer.start, node.start) + text + source.slice(node.end, outer.end);
    found.push({
      ...placeOf(outer),
      place: "expression",
      before: textOf(node),
      after: text,
      text: outer === node ? text : whole,
    });
  }

  /** `a?.b` as `a.b`. */
  function require(link: Link, chain: Node): void {
    const before = link.type === "CallExpression" ? link.callee : link.object;
    const at = source.indexOf("?.", before.end);
    const plain = link.type === "MemberExpression" && !link.computed ? "." : "";
    const without = (from: number, to: number) => source.slice(from, at) + plain + source.slice(at + 2, to);
    found.push({
      ...placeOf(chain),
      place: "expression",
      before: textOf(link),
      after: without(link.start, link.end),
      text: without(chain.start, chain.end),
    });
  }

  function remove(node: Node): void {
    found.push({ ...placeOf(node), place: "statement", before: textOf(node), after: "", text: "" });
  }

  function textOf(node: Node): string {
    return source.slice(node.start, node.end);
  }
}

type Link = Node & { type: "MemberExpression" | "CallExpression" };

function isLink(node: Node): node is Link {
  return node.type === "MemberExpression" || node.type === "CallExpression";
}

function isNext(node: Node, child: Node): boolean {
  if (node.type === "MemberExpression") return node.object === child;
  if (node.type === "CallExpression") return node.callee === child;
  return node.type === "TSNonNullExpression";
}

function* linksOf(node: Node): Generator<Link> {
  if (node.type === "TSNonNullExpression") yield* linksOf(node.expression);
  if (!isLink(node)) return;
  if (node.optional) yield node;
  yield* linksOf(node.type === "CallExpression" ? node.callee : node.object);
}

function isRemovable(node: Node): boolean {
  if (node.type === "ExpressionStatement")
    return !(node.expression.type === "CallExpression" && node.expression.callee.type === "Super");
  return (
    node.type === "ThrowStatement" || node.type === "BreakStatement" || node.type === "ContinueStatement"
  );
}

function isDirective(node: Node): boolean {
  return node.type === "ExpressionStatement" && "directive" in node && typeof node.directive === "string";
}

type FunctionNode = Node & { type: "ArrowFunctionExpression" | "FunctionDeclaration" | "FunctionExpression" };

function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression"
  );
}

/** What a function returns as one expression is left alone when that has mutations of its own. */
function hasOwnMutations(body: Node): boolean {
  return [
    "BinaryExpression",
    "LogicalExpression",
    "UnaryExpression",
    "Literal",
    "ArrowFunctionExpression",
  ].includes(body.type);
}

function placeOf(node: Node): { readonly start: number; readonly end: number } {
  return { start: node.start, end: node.end };
}
