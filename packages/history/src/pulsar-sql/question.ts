import type { CheckedAddress } from "./address.ts";
import type { Executed, MostRows } from "./execute.ts";
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
  /** Carries one statement out; what it reads is added up for the answer. @throws ColdError */
  execute(statement: Sql | string, most?: MostRows): Promise<Executed>;
}

/** The part of an answer that the question itself knows. */
export interface Found<T> {
  readonly value: T;
  readonly completeTo: number;
  readonly isComplete: boolean;
  readonly note?: string;
}

/** So long after the log took a record it may not be visible to Pulsar SQL: the last entry of a ledger shows with the next one, or within the explicit LAC interval. */
export const visibleAfterMs = 5_000;
