import type { Labels } from "@downbeat/domain";

export interface Term {
  readonly term: string;
  /** Key of the label whose whole value it is, `#` for a whole run id, '' for a part of either. */
  readonly key: string;
}

export const runIdKey = "#";
const longestTerm = 100;
const mostWords = 4;

/** What a run can be found by the beginning of: its id, its label values, and the words in them. */
export function termsOf(runId: string, labels: Labels): Term[] {
  const terms: Term[] = [{ term: fold(runId), key: runIdKey }];
  addWords(terms, runId);
  for (const [key, value] of Object.entries(labels)) {
    terms.push({ term: fold(value), key });
    addWords(terms, value);
  }
  return terms;
}

/** How terms are stored and asked for. */
export function fold(text: string): string {
  return text.toLowerCase().slice(0, longestTerm);
}

// Nobody searches for the middle of a random id, and such ids would be most of the index.
const randomId = /^[0-9a-f]{8}-|^[0-9a-hjkmnp-tv-z]{26}$|^[0-9a-f]{16,}$/i;
const wordStart = /(?<=[^\p{L}\p{N}])(?=[\p{L}\p{N}])/gu;

function addWords(terms: Term[], text: string): void {
  if (randomId.test(text)) return;
  let words = 0;
  for (const match of text.matchAll(wordStart)) {
    if (words++ === mostWords) return;
    const word = fold(text.slice(match.index));
    if (!terms.some((known) => known.key === "" && known.term === word)) terms.push({ term: word, key: "" });
  }
}
