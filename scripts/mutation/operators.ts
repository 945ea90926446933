import type { ESTree } from "vite";
import type { Node } from "./syntax.ts";

/** What may stand in a node's place: each is a fault that a test should notice. */
export function replacementsOf(node: Node, parent: Node | undefined, source: string): readonly string[] {
  const text = (part: Node) => source.slice(part.start, part.end);
  switch (node.type) {
    case "Literal":
      return ofLiteral(node, parent, source);
    case "TemplateLiteral":
      return text(node).includes(" ") || text(node).length === 2 ? [] : ["``"];
    case "ArrayExpression":
      return node.elements.length > 0 ? ["[]"] : [];
    case "UnaryExpression":
      return node.operator === "!" || node.operator === "-" ? [text(node.argument)] : [];
    case "UpdateExpression": {
      const operator = node.operator === "++" ? "--" : "++";
      return [node.prefix ? operator + text(node.argument) : text(node.argument) + operator];
    }
    case "AssignmentExpression": {
      const operator = assignments.get(node.operator);
      return operator === undefined ? [] : [`${text(node.left)} ${operator} ${text(node.right)}`];
    }
    case "LogicalExpression":
      // `...(value !== undefined && { value })`: what is there without a value is written as if it were not there.
      return parent?.type === "ParenthesizedExpression" &&
        node.operator === "&&" &&
        node.right.type === "ObjectExpression"
        ? [text(node.left)]
        : [text(node.left), text(node.right)];
    case "BinaryExpression":
      return node.left.type === "PrivateIdentifier" ? [] : ofBinary(node, parent, text);
    case "CallExpression":
      return ofCall(node, text);
  }
  return [];
}

/** What a condition may be instead. A loop that never ends says nothing about tests, so its condition is only made false. */
export function conditionOf(
  node: Node,
): { readonly test: Node; readonly values: readonly string[] } | undefined {
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return { test: node.test, values: ["true", "false"] };
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return node.test ? { test: node.test, values: ["false"] } : undefined;
  }
  return undefined;
}

const assignments = new Map(
  Object.entries({
    "+=": "-=",
    "-=": "+=",
    "*=": "/=",
    "/=": "*=",
    "??=": "=",
    "||=": "=",
    "&&=": "=",
  }),
);

const binaries = new Map(
  Object.entries({
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "===": ["!=="],
    "!==": ["==="],
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["*"],
    "&": ["|"],
    "|": ["&"],
    "^": ["&"],
    "<<": [">>"],
    ">>": ["<<"],
    ">>>": ["<<"],
  }),
);

type Binary = Node & { type: "BinaryExpression" };

const equality = new Set(["===", "!=="]);

function ofBinary(node: Binary, parent: Node | undefined, text: (part: Node) => string) {
  // A condition is made true and false as it is, which is harder to notice than its opposite.
  if (equality.has(node.operator) && parent !== undefined && conditionOf(parent)?.test === node) return [];
  if (node.operator === "+" && (isText(node.left) || isText(node.right))) return [];
  return (binaries.get(node.operator) ?? []).map(
    (other) => `${text(node.left)} ${other} ${text(node.right)}`,
  );
}

function isText(node: Node): boolean {
  if (node.type === "BinaryExpression") return isText(node.left) || isText(node.right);
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

function ofLiteral(
  node: Node & { type: "Literal" },
  parent: Node | undefined,
  source: string,
): readonly string[] {
  if (typeof node.value === "boolean") return [String(!node.value)];
  if ("regex" in node && node.regex !== null) return ofRegex(node.regex.pattern, node.regex.flags);
  if (typeof node.value === "number" && parent?.type === "ReturnStatement") return [`${node.value + 1}`];
  // What has a space is a sentence for people; its words are the writer's.
  if (
    typeof node.value === "string" &&
    !same.has(node.value) &&
    !node.value.includes(" ") &&
    isValue(node, parent)
  )
    return source[node.start] === "'" ? ["''"] : ['""'];
  return [];
}

/** Node reads an empty encoding as this one. */
const same = new Set(["", "utf8"]);

function isValue(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === "MethodDefinition" || parent?.type === "PropertyDefinition")
    return parent.key !== node;
  return parent?.type !== "ImportExpression" && parent?.type !== "ExportNamedDeclaration";
}

function ofRegex(pattern: string, flags: string): readonly string[] {
  const patterns = [
    pattern.startsWith("^") ? pattern.slice(1) : pattern,
    pattern.endsWith("$") && !pattern.endsWith("\\$") ? pattern.slice(0, -1) : pattern,
    pattern.replace(/\[\^?/, (open) => (open === "[" ? "[^" : "[")),
  ];
  return patterns.filter((other) => other !== pattern && other !== "").map((other) => `/${other}/${flags}`);
}

const exchanged = new Map(
  Object.entries({
    every: "some",
    some: "every",
    startsWith: "endsWith",
    endsWith: "startsWith",
    min: "max",
    max: "min",
    toUpperCase: "toLowerCase",
    toLowerCase: "toUpperCase",
  }),
);

/** Calls without which what they are called on would do, though something would be wrong. */
const leftOut = new Set(
  "trim filter slice sort toSorted reverse toReversed flat concat min max int positive nonnegative length regex refine superRefine check strict optional nullable default catch catchall".split(
    " ",
  ),
);

function ofCall(node: ESTree.CallExpression, text: (part: Node) => string): readonly string[] {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return [];
  const name = callee.property.type === "Identifier" ? callee.property.name : "";
  const isMath = text(callee.object) === "Math";
  const found: string[] = [];
  const other = exchanged.get(name);
  if (other !== undefined && (isMath || (name !== "min" && name !== "max"))) {
    const whole = text(node);
    const at = callee.property.start - node.start;
    found.push(whole.slice(0, at) + other + whole.slice(at + name.length));
  }
  if (leftOut.has(name) && !isMath && callee.object.type !== "Super") found.push(text(callee.object));
  return found;
}
