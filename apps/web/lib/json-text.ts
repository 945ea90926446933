import { nestingProblem } from "@downbeat/domain";
import { type JsonNode, readJson, spaced } from "./json-node.ts";

/**
 * JSON as the text that it is. Parsed and written again it would be another: `3544790567247868102` becomes `…868000`, `1.10` becomes `1.1`, names that are numbers come
 * first, and of a name that is there twice one is gone.
 */

export type { JsonNode };
export type Path = readonly (string | number)[];

/** @param text JSON. Nothing for what is none, or is nested too deeply. */
export function jsonTree(text: string): JsonNode | undefined {
  // What is drawn or compared goes level by level.
  if (nestingProblem("it", text) !== undefined) return undefined;
  try {
    JSON.parse(text);
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** With line breaks and indents, and nothing else changed. */
export function spacedJson(text: string): string {
  const tree = jsonTree(text);
  return tree === undefined ? text : spaced(text, tree);
}

/** What stands at a place, character by character. */
export function sourceAt(text: string, path: Path): string | undefined {
  let node = jsonTree(text);
  for (const key of path) node = node === undefined ? undefined : partOf(node, key);
  return node === undefined ? undefined : sourceOf(text, node);
}

export function sourceOf(text: string, { offset, length }: JsonNode): string {
  return text.slice(offset, offset + length);
}

/**
 * The same text with other JSON at a place, `undefined` to take out what is there. Whatever is in the way becomes an object or a list; all else stays as it is.
 *
 * @param text JSON
 */
export function withJsonAt(text: string, path: Path, json: string | undefined): string {
  let node = jsonTree(text);
  if (node === undefined) return json === undefined ? "null" : wrapped(path, json);
  for (const [index, key] of path.entries()) {
    const next = partOf(node, key);
    if (next === undefined) {
      if (json === undefined) return text;
      return added(text, node, key, wrapped(path.slice(index + 1), json));
    }
    node = next;
  }
  if (json !== undefined) return spliced(text, node.offset, node.length, json);
  const [last] = path.slice(-1);
  if (last === undefined) return "null";
  const left = without(text, typeof last === "string" ? (node.parent ?? node) : node);
  // An item's place is the next one's then; a name may be there twice.
  return typeof last === "string" ? withJsonAt(left, path, undefined) : left;
}

/** Of a name that is there twice the last one counts, as for every reader. */
function partOf(node: JsonNode, key: string | number): JsonNode | undefined {
  if (!takes(node, key)) return undefined;
  if (typeof key === "number") return node.children?.[key];
  return node.children?.findLast(({ children }) => children?.[0]?.value === key)?.children?.[1];
}

function takes(node: JsonNode, key: string | number): boolean {
  return node.type === (typeof key === "number" ? "array" : "object");
}

function added(text: string, node: JsonNode, key: string | number, json: string): string {
  const last = node.children?.at(-1);
  if (!takes(node, key) || last === undefined)
    return spliced(text, node.offset, node.length, wrapped([key], json));
  const entry = typeof key === "number" ? json : `${JSON.stringify(key)}: ${json}`;
  const isSpaced = text.slice(node.offset, last.offset).includes("\n");
  return spliced(text, last.offset + last.length, 0, `,${isSpaced ? "\n" : " "}${entry}`);
}

function without(text: string, entry: JsonNode): string {
  const siblings = entry.parent?.children ?? [];
  const index = siblings.indexOf(entry);
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  const end = entry.offset + entry.length;
  if (before !== undefined) {
    const from = before.offset + before.length;
    return spliced(text, from, end - from, "");
  }
  if (after !== undefined) return spliced(text, entry.offset, after.offset - entry.offset, "");
  const { offset, length, type } = entry.parent ?? entry;
  return spliced(text, offset, length, type === "array" ? "[]" : "{}");
}

/** In the objects and lists of a path that is not there yet. */
function wrapped(path: Path, json: string): string {
  return path.reduceRight<string>((inner, key) => {
    const indented = inner.replaceAll("\n", "\n  ");
    return typeof key === "number" ? `[\n  ${indented}\n]` : `{\n  ${JSON.stringify(key)}: ${indented}\n}`;
  }, json);
}

/** Indented like the line that it begins on. */
function spliced(text: string, offset: number, length: number, json: string): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  return text.slice(0, offset) + json.replaceAll("\n", `\n${indent}`) + text.slice(offset + length);
}
