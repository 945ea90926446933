import { type ESTree, parseSync } from "vite";

export type Node = ESTree.Node;

export function parse(file: string, text: string): ESTree.Program {
  const { program, errors } = parseSync(file, text, { lang: "ts" });
  if (errors[0] !== undefined) throw new Error(`${file} can't be parsed: ${errors[0].message}`);
  return program;
}

/** What runs of a node, in the order of the text: types are left out, and what is imported or exported by name only. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportSpecifier":
      return [];
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      return [node.expression];
    case "Property":
      return node.shorthand ? [node.value] : node.computed ? [node.key, node.value] : [node.value];
    case "TaggedTemplateExpression":
      return [node.tag];
  }
  return Object.values(node)
    .flat()
    .filter(isNode)
    .filter((child) => runs(child))
    .sort((a, b) => a.start - b.start);
}

const typesThatRun = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSParameterProperty",
]);

function runs(node: Node): boolean {
  return !node.type.startsWith("TS") || typesThatRun.has(node.type);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
