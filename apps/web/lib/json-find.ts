import { type JsonNode, sourceOf } from "./json-text.ts";

/** What of a JSON has a text in it. */
export interface FoundJson {
  /** Names and values. */
  readonly matches: ReadonlySet<JsonNode>;
  /** What they are in. */
  readonly branches: ReadonlySet<JsonNode>;
}

export const nothingFound: FoundJson = { matches: new Set(), branches: new Set() };

/** Whatever is folded. Case is ignored; a text is found as it stands, with its escapes, and as it is meant. */
export function findInJson(text: string, tree: JsonNode, typed: string): FoundJson {
  const needle = typed.trim().toLowerCase();
  if (needle === "") return nothingFound;
  const matches = new Set<JsonNode>();
  const branches = new Set<JsonNode>();
  const has = (node: JsonNode) =>
    sourceOf(text, node).toLowerCase().includes(needle) ||
    (node.type === "string" && String(node.value).toLowerCase().includes(needle));
  const left = [tree];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.children !== undefined) left.push(...node.children);
    else if (has(node)) {
      matches.add(node);
      for (let { parent } = node; parent !== undefined; { parent } = parent) {
        if (branches.has(parent)) break;
        branches.add(parent);
      }
    }
  }
  return { matches, branches };
}
