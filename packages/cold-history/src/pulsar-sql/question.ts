import type { KnownLog } from "@downbeat/read-model";
import type { CheckedAddress } from "./address.ts";
import type { Executed, Most } from "./execute.ts";
import type { Sql } from "./sql.ts";

/** What a question has at hand while it is its turn. */
export interface Question {
  readonly address: CheckedAddress;
  /** When it began, ms since the epoch. */
  readonly now: number;
  /** How far publish times may be from the engine's, ms. */
  readonly skewMs: number;
  /** How far before a period the starts of what ends in it are looked for, ms. */
  readonly lookBackMs: number;
  /** So many records at most are held by a query that goes through the whole log. */
  readonly mostRecords: number;
  /** Carries one statement out; what it reads is added up for the answer. @throws ColdError */
  execute(statement: Sql | string, most?: Most): Promise<Executed>;
}

/** The part of an answer that the question itself knows. */
export interface Found<T> {
  readonly value: T;
  readonly completeTo: number;
  readonly isComplete: boolean;
  readonly note?: string;
}

/** What is certainly in an answer that looks at nothing at or after `asOf`, and asks for nothing after `to`. */
export function completeTo(question: Question, asOf = Number.POSITIVE_INFINITY, to = asOf): number {
  return Math.min(question.now - visibleAfterMs, asOf - 1, to);
}

/** Says when records that don't count may be in an answer. */
export function doubtful<T>(found: Found<T>, { ignored }: KnownLog): Found<T> {
  if (ignored !== undefined) return found;
  const { note } = found;
  return { ...found, note: note === undefined ? doubt : `${note} ${doubt}` };
}

const doubt =
  "Which records of the log don't count is not known yet: what an engine wrote after it had been replaced may be among this.";

/** So long after the log took a record it may not be visible to Pulsar SQL: the last entry of a ledger shows with the next one, or within the explicit LAC interval. */
export const visibleAfterMs = 5_000;
