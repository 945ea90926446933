/** A value in a JSON text, or an entry of an object: where it stands, and what it holds. */
export interface JsonNode {
  /** `property`: a name and its value, which are its children. */
  readonly type: "object" | "array" | "property" | "string" | "number" | "boolean" | "null";
  readonly offset: number;
  readonly length: number;
  /** Of a string, a number, a boolean or null. */
  readonly value?: unknown;
  /** Of an object, a list or an entry. */
  readonly children?: readonly JsonNode[];
  readonly parent?: JsonNode | undefined;
}

type Growing = JsonNode & { length: number; readonly children: JsonNode[] };

/** A string, or whatever else stands between two signs. */
const word = /"(?:[^"\\]|\\.)*"|[^\s,:[\]{}"]+/y;
const space = /[\s:,]*/y;

/** @param text JSON that has been checked: of anything else the nodes mean nothing */
export function readJson(text: string): JsonNode {
  let at = 0;
  const matched = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [found = ""] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  };

  function value(parent: JsonNode | undefined): JsonNode {
    matched(space);
    const offset = at;
    const sign = text[at];
    if (sign === "{" || sign === "[") {
      const type = sign === "{" ? "object" : "array";
      const node: Growing = { type, offset, length: 0, children: [], parent };
      at++;
      for (matched(space); at < text.length && text[at] !== "}" && text[at] !== "]"; matched(space))
        node.children.push(type === "object" ? entry(node) : value(node));
      at++;
      node.length = at - offset;
      return node;
    }
    const source = matched(word);
    const parsed: unknown = JSON.parse(source);
    const type = parsed === null ? "null" : typeof parsed;
    if (type !== "null" && type !== "string" && type !== "number" && type !== "boolean")
      throw new SyntaxError(`no JSON: ${source}`);
    return { type, offset, length: source.length, value: parsed, parent };
  }

  function entry(parent: JsonNode): JsonNode {
    const node: Growing = { type: "property", offset: at, length: 0, children: [], parent };
    node.children.push(value(node), value(node));
    node.length = at - node.offset;
    return node;
  }

  return value(undefined);
}

/** The text of a value, with line breaks and indents between what it holds. */
export function spaced(text: string, node: JsonNode, indent = ""): string {
  const { type, offset, length, children = [] } = node;
  if (type === "property") return children.map((part) => spaced(text, part, indent)).join(": ");
  const [open, close] = type === "object" ? "{}" : type === "array" ? "[]" : "";
  if (open === undefined || close === undefined) return text.slice(offset, offset + length);
  if (children.length === 0) return open + close;
  const inner = `${indent}  `;
  const parts = children.map((child) => inner + spaced(text, child, inner));
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}
