import { JsonIdentities, type JsonNode, jsonTree } from "./json-tree.ts";
import { masked } from "./mask-json.ts";
import { nameInPath } from "./mask-path.ts";

/** Names, and the numbers of items. */
type Place = readonly (string | number)[];

/**
 * What was edited as it was shown, with what was masked there and left untouched as it is: the value of the same field, in the same place.
 *
 * An item of a list has no name, so it must be beyond doubt which one it was. Where something is still masked in a list, that has as many items as before, and
 *
 * - no item that is as it was shown reads as one did that was changed (else it may be that one, moved);
 * - an item that was changed and still holds something masked is the only one that was changed, and reads like none of the others, before or after (else it may
 *   be one of them, moved or copied).
 *
 * @throws Error in a sentence where something masked stands where it wasn't, or where it may be that of another item
 */
export function restored(edited: string, shown: string, original: string): string {
  if (!edited.includes(masked) && !edited.includes("\\u2022")) return edited;
  const sent = jsonTree(edited);
  const holders = new Set<JsonNode>();
  if (!holdsMasked(sent, holders)) return edited;
  const identities = new JsonIdentities();
  const place: (string | number)[] = [];
  const changes: { readonly node: JsonNode; readonly to: string }[] = [];

  function change(node: JsonNode, text: string, seen?: JsonNode, whole?: JsonNode): void {
    if (whole === undefined || seen === undefined) throw new Error(stands(place));
    if (seen.text === text) changes.push({ node, to: whole.source });
    else if (isContainer(text))
      changes.push({ node, to: JSON.stringify(restored(text, jsonOf(seen), jsonOf(whole))) });
    else throw new Error(stands(place));
  }

  function look(node: JsonNode, seen?: JsonNode, whole?: JsonNode): void {
    if (!holders.has(node)) return;
    if (node.text !== undefined) change(node, node.text, seen, whole);
    if (node.items !== undefined && seen?.items !== undefined && !areTheSame(node.items, seen.items))
      throw new Error(isUnclear(place));
    for (let index = 0; index < (node.items?.length ?? 0); index++) {
      place.push(index);
      const item = node.items?.[index];
      if (item !== undefined) look(item, seen?.items?.[index], whole?.items?.[index]);
      place.pop();
    }
    for (const { name, value } of node.fields ?? []) {
      place.push(name);
      if (name.includes(masked)) throw new Error(stands(place));
      look(value, seen?.byName?.get(name), whole?.byName?.get(name));
      place.pop();
    }
  }

  /** Whether each item that holds something masked is surely the one that was shown in its place. */
  function areTheSame(items: readonly JsonNode[], seen: readonly JsonNode[]): boolean {
    if (items.length !== seen.length) return false;
    const now = items.map((item) => identities.of(item));
    const before = seen.map((item) => identities.of(item));
    const changed = now.flatMap((id, index) => (id === before[index] ? [] : [index]));
    const changedForms = new Set(changed.map((index) => before[index]));
    return items.every((item, index) => {
      if (!holders.has(item)) return true;
      if (now[index] === before[index]) return !changedForms.has(before[index]);
      const isOther = (id: number, other: number) =>
        other === index || (id !== before[index] && id !== now[index]);
      return changed.length === 1 && before.every(isOther);
    });
  }

  look(sent, treeOf(shown), treeOf(original));
  let out = "";
  let at = 0;
  for (const { node, to } of changes) {
    out += edited.slice(at, node.from) + to;
    at = node.to;
  }
  return out + edited.slice(at);
}

/** Whether it holds something masked; all that do are added to `holders`. */
function holdsMasked(node: JsonNode, holders: Set<JsonNode>): boolean {
  let holds = node.text?.includes(masked) === true;
  for (const item of node.items ?? []) holds = holdsMasked(item, holders) || holds;
  for (const { name, value } of node.fields ?? [])
    holds = holdsMasked(value, holders) || name.includes(masked) || holds;
  if (holds) holders.add(node);
  return holds;
}

function isContainer(text: string): boolean {
  const { items, fields } = treeOf(text) ?? {};
  return (items ?? fields) !== undefined;
}

/** Of an object, or of one that is written into a text: people mend one to the other. */
function jsonOf({ text, source }: JsonNode): string {
  return text ?? source;
}

/** Nothing for what is no JSON: it is masked as a whole. */
function treeOf(json: string): JsonNode | undefined {
  try {
    return jsonTree(json);
  } catch {
    return undefined;
  }
}

function stands(place: Place): string {
  const where = place.length === 0 ? "" : ` at ${spoken(place)}`;
  return `${masked}${where} stands for a value that is masked: leave it where it was, or write another one.`;
}

function isUnclear(place: Place): string {
  const where = place.length === 0 ? "Items of the list" : `Items of ${spoken(place)}`;
  return `${where} were added, removed or moved, or several changed: give their values instead of ${masked}, or leave the list as it was.`;
}

const mostSpoken = 200;

/** As paths are written. */
function spoken(place: Place): string {
  const path = place.map((each) => (typeof each === "number" ? each : nameInPath(each))).join(".");
  return path.length <= mostSpoken ? path : `…${path.slice(-mostSpoken)}`;
}
