import type { DecisionRecord } from "@downbeat/protocol";
import type { Decided } from "./draft.ts";

/** A record as it is appended. The decisions are text already: it was needed to know their size. */
export function recordText(record: DecisionRecord, decided: readonly Decided[]): string {
  const { decisions: _, ...head } = record;
  return `${JSON.stringify(head).slice(0, -1)},"decisions":[${decided.map((one) => one.json).join(",")}]}`;
}
