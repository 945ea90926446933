import { type LabelClause, labelsText } from "@downbeat/domain";

/** With one more, unless it is there already. */
export function withClause(clauses: readonly LabelClause[], clause: LabelClause): readonly LabelClause[] {
  const text = labelsText([clause]);
  return clauses.some((known) => labelsText([known]) === text) ? clauses : [...clauses, clause];
}

/** What is being typed: the rest of a key, or of a value. */
export interface Begun {
  /** What stands before it and stays. */
  readonly before: string;
  readonly key?: string;
  readonly beginning: string;
}

/** Where a condition's key or value can be completed; nothing where there is none to complete. */
export function begunIn(text: string): Begun | undefined {
  const from = Math.max(text.lastIndexOf(" OR ") + 4, text.lastIndexOf(" AND ") + 5, 0);
  const start = from < 5 && !/ (?:OR|AND) /.test(text) ? 0 : from;
  const one = text.slice(start);
  const isNot = /^NOT\s+/.exec(one)?.[0] ?? "";
  const rest = one.slice(isNot.length);
  const before = text.slice(0, start) + isNot;
  const [, key, sign, value = ""] = /^([^"=<>!]+)(!=|=)(.*)$/s.exec(rest) ?? [];
  if (key !== undefined && sign !== undefined)
    return { before: `${before}${key}${sign}`, key: key.trim(), beginning: value.replace(/^"/, "") };
  return rest === "" || /["=<>!]/.test(rest) ? undefined : { before, beginning: rest };
}

/** The whole text, with what was begun completed. */
export function completed({ before, key }: Begun, found: string): string {
  if (key === undefined)
    return `${before}${labelsText([[{ key: found, test: "is", value: "x" }]]).slice(0, -1)}`;
  return `${before}${labelsText([[{ key: "k", test: "is", value: found }]]).slice(2)}`;
}
