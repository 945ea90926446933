import type { SQLOutputValue } from "node:sqlite";
import type { Failure, Labels } from "@downbeat/domain";
import { shownStatuses } from "./derive/shown-status.ts";
import type { WhyFacts } from "./derive/why.ts";
import type { Step } from "./fold/run-fold.ts";
import type { RunSummary, ShownStatus } from "./views.ts";

/**
 * The one place where rows become values again. The JSON in them was written by this package under this schema version, so it is
 * believed; a damaged file shows in SQLite's own checks.
 */
export type Row = Record<string, SQLOutputValue>;

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`Column ${column} holds ${typeof value}, not a number.`);
  return value;
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`Column ${column} holds ${typeof value}, not text.`);
  return value;
}

export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array))
    throw new TypeError(`Column ${column} holds ${typeof value}, not bytes.`);
  return value;
}

export function optionalNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberOf(row, column);
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

export function jsonOf<T>(row: Row, column = "json"): T {
  return JSON.parse(textOf(row, column)) as T;
}

export function stepsOf(row: Row): Step[] {
  return jsonOf<Step[]>(row);
}

export function shownOf(row: Row): ShownStatus {
  const shown = shownStatuses[numberOf(row, "shown")];
  if (shown === undefined) throw new TypeError(`There is no status number ${row.shown}.`);
  return shown;
}

/** What `run_details` holds: the parts of a summary that lists don't filter by. */
export interface RunDetails extends Omit<WhyFacts, "status" | "workflow" | "updatedAt"> {
  readonly labels: Labels;
  /** Of the code that answered last. */
  readonly build?: string;
  readonly compensations?: RunSummary["compensations"];
}

export function failureOf(row: Row): Failure | undefined {
  return row.failure === null ? undefined : jsonOf<Failure>(row, "failure");
}
