import type { EventView } from "@downbeat/api/views";
import { findInJson } from "../../../lib/json-find.ts";
import { jsonTree } from "../../../lib/json-text.ts";
import { eventText } from "./event-text.ts";

export interface EventFilter {
  readonly types: readonly string[];
  readonly text?: string | undefined;
  readonly rowId?: string | undefined;
}

export const isEventFilterSet = ({ types, text, rowId }: EventFilter): boolean =>
  types.length > 0 || (text !== undefined && text !== "") || rowId !== undefined;

/** Text is looked for in the sentence and in the whole event, so that an id, an amount or a piece of its JSON finds its event. */
export function filterEvents(
  events: readonly EventView[],
  { types, text, rowId }: EventFilter,
): readonly EventView[] {
  const wanted = new Set(types);
  const needle = text?.toLowerCase();
  return events.filter((event) => {
    if (wanted.size > 0 && !wanted.has(event.event.type)) return false;
    if (rowId !== undefined && event.rowId !== rowId) return false;
    if (needle === undefined || needle === "") return true;
    if (event.sentence.toLowerCase().includes(needle)) return true;
    const json = eventText(event);
    return withoutSpace(json.toLowerCase()).includes(withoutSpace(needle)) || isMeant(json, needle);
  });
}

/** A value with escapes is found as it is meant, too. */
function isMeant(json: string, needle: string): boolean {
  const tree = json.includes("\\") ? jsonTree(json) : undefined;
  return tree !== undefined && findInJson(json, tree, needle).matches.size > 0;
}

/** Where JSON has spaces is up to whoever wrote it. */
function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

/**
 * The event in whose decision this one came about: the first of the same input. That first one records the input itself
 * (a job's result, a person's action), so it is the cause of the others.
 */
export function causeOf(
  event: EventView,
  get: (seq: number) => EventView | undefined,
): EventView | undefined {
  let cause: EventView | undefined;
  for (let seq = event.seq - 1; seq > 0; seq--) {
    const earlier = get(seq);
    if (earlier === undefined || earlier.inputId !== event.inputId) break;
    cause = earlier;
  }
  return cause;
}
