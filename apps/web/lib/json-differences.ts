import { type JsonNode, jsonTree, sourceOf } from "./json-text.ts";

/** A place at which two JSON texts say something else. A side that has nothing there is absent. */
interface JsonDifference {
  /** `customer.legs[2].price`; nothing for the whole. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export interface JsonDifferences {
  readonly found: readonly JsonDifference[];
  /** There are more, which were not looked for. */
  readonly isCut: boolean;
}

const most = 200;

/** Spaces and the order of names say nothing; numbers are compared as they are written, so that no digit is lost. */
export function jsonDifferences(before: string | undefined, after: string | undefined): JsonDifferences {
  const found: JsonDifference[] = [];
  let isCut = false;
  const add = (difference: JsonDifference): void => {
    if (found.length < most) found.push(difference);
    else isCut = true;
  };
  const one = before === undefined ? undefined : jsonTree(before);
  const other = after === undefined ? undefined : jsonTree(after);
  // What is no JSON is compared as a text.
  if (before === undefined || after === undefined || one === undefined || other === undefined) {
    if (before !== after) add(sides("", before, after));
    return { found, isCut };
  }
  compare("", one, other);
  return { found, isCut };

  function compare(path: string, left: JsonNode, right: JsonNode): void {
    if (isCut) return;
    const [a, b] = [sourceOf(before ?? "", left), sourceOf(after ?? "", right)];
    if (a === b) return;
    if (left.type === "object" && right.type === "object") return compareFields(path, left, right);
    if (left.type === "array" && right.type === "array") return compareItems(path, left, right);
    // The same text may be written with other escapes.
    if (left.type === "string" && right.type === "string" && left.value === right.value) return;
    add(sides(path, a, b));
  }

  function compareFields(path: string, left: JsonNode, right: JsonNode): void {
    const [mine, theirs] = [fieldsOf(left), fieldsOf(right)];
    for (const name of new Set([...mine.keys(), ...theirs.keys()]))
      compareParts(fieldPath(path, name), mine.get(name), theirs.get(name));
  }

  function compareItems(path: string, left: JsonNode, right: JsonNode): void {
    const [mine, theirs] = [left.children ?? [], right.children ?? []];
    for (let index = 0; index < Math.max(mine.length, theirs.length) && !isCut; index++)
      compareParts(`${path}[${index}]`, mine[index], theirs[index]);
  }

  function compareParts(path: string, left: JsonNode | undefined, right: JsonNode | undefined): void {
    if (left !== undefined && right !== undefined) return compare(path, left, right);
    const a = left === undefined ? undefined : sourceOf(before ?? "", left);
    const b = right === undefined ? undefined : sourceOf(after ?? "", right);
    add(sides(path, a, b));
  }
}

function sides(path: string, before: string | undefined, after: string | undefined): JsonDifference {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** Of a name that is there twice the last one counts, as for every reader. */
function fieldsOf(node: JsonNode): Map<string, JsonNode> {
  const fields = new Map<string, JsonNode>();
  for (const { children } of node.children ?? []) {
    const [name, value] = children ?? [];
    if (name !== undefined && value !== undefined) fields.set(String(name.value), value);
  }
  return fields;
}

const plainName = /^[A-Za-z_$][\w$]*$/;

function fieldPath(path: string, name: string): string {
  if (!plainName.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
