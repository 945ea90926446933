import { foldedLabel, type Labels } from "@downbeat/domain";

const longestTerm = 100;
const mostWords = 4;

/** What a run can be found by the beginning of: its id, the values of its labels, and the words in them. In lower case. */
export function termsOf(runId: string, labels: Labels): string[] {
  const terms = new Set<string>();
  for (const text of [runId, ...Object.values(labels)]) {
    terms.add(folded(text));
    for (const word of innerWords(text)) terms.add(folded(word));
  }
  return [...terms];
}

/** Under this name SQL calls {@link idBegins}. */
export const idBeginsFunction = "id_begins";

/** Whether a run is found by this beginning whatever its labels are: by its id or a word in it. */
export function idBegins(runId: string, beginning: string): boolean {
  const wanted = folded(beginning);
  return termsOf(runId, {}).some((term) => term.startsWith(wanted));
}

/**
 * Whether a run is found by this text where its labels may hold what nobody is to see: by its id, its workflow, or all of what a label says.
 *
 * @param text trimmed
 */
export function isFoundWithoutLabels(
  { runId, workflow, labels }: { readonly runId: string; readonly workflow: string; readonly labels: Labels },
  text: string,
): boolean {
  const whole = foldedLabel(text);
  return (
    folded(workflow).startsWith(folded(text)) ||
    idBegins(runId, text) ||
    Object.values(labels).some((value) => foldedLabel(value) === whole)
  );
}

/** Searches ignore case. */
export function folded(text: string): string {
  return text.toLowerCase().slice(0, longestTerm);
}

// Nobody searches for the middle of a random id, and such ids would be most of the index.
const randomId = /^[0-9a-f]{8}-|^[0-9a-hjkmnp-tv-z]{26}$|^[0-9a-f]{16,}$/i;
const wordStart = /(?<=[^\p{L}\p{N}])(?=[\p{L}\p{N}])/gu;

/** The text from each of its words on, but the first. */
function innerWords(text: string): string[] {
  if (randomId.test(text)) return [];
  return [...text.matchAll(wordStart)].slice(0, mostWords).map((match) => text.slice(match.index));
}
