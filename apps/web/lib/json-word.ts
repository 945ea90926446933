import { type JsonNode, sourceOf } from "./json-text.ts";
import { escaped } from "./shown-text.ts";

/** One value as it stands in its text. */
export interface JsonWord {
  /** Quotes and escapes are the text's own: without them a quote in a value would look like its end. */
  readonly shown: string;
  readonly isText: boolean;
}

/** What turns the direction of writing or can't be seen at all would show another text than there is. */
const unseen = /[\p{Cf}\p{Cc}\u2028\u2029]/gu;

export function wordOf(text: string, node: JsonNode): JsonWord {
  if (node.children?.length === 0) return { shown: node.type === "array" ? "[]" : "{}", isText: false };
  const shown = sourceOf(text, node).replaceAll(unseen, escaped);
  return { shown, isText: node.type === "string" };
}
