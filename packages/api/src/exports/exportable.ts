import type { Context } from "../context.ts";
import type { CsvValue } from "./csv.ts";

export interface ExportPage<Row> {
  readonly rows: readonly Row[];
  /** Of the next page; absent on the last. */
  readonly cursor?: string | undefined;
  /** How many there are in all, as far as is known. */
  readonly count?: number | undefined;
  readonly countIsLowerBound?: boolean | undefined;
  /** Everything down to this time was looked at, ms since the epoch: said where matches are rare. */
  readonly searchedTo?: number | undefined;
  /** Why rows are missing that the list should have. The list goes on nevertheless, unless `cursor` is the one that this page was asked with. */
  readonly cut?: string | undefined;
}

export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => CsvValue | undefined;
}

/** A list that can be had whole, as a file. */
export interface Exportable<Query, Row> {
  /** What the file is called. */
  readonly name: string;
  /** What narrows the list, in words for the file's name. */
  readonly about: (query: Query) => readonly string[];
  readonly columns: (query: Query) => readonly Column<Row>[];
  /** Asks the list itself, so that whoever may not see it, or some of it, does not see it here. */
  readonly page: (
    context: Context,
    query: Query,
    cursor: string | undefined,
  ) => ExportPage<Row> | Promise<ExportPage<Row>>;
}

/** ms since the epoch: no calendar goes further. */
const lastMoment = 8.64e15;

/** A time as spreadsheets and programs read it, in UTC; one that no calendar has as the number that it is. */
export function stamp(at: number | undefined): string | null {
  if (at === undefined) return null;
  return Math.abs(at) <= lastMoment ? new Date(at).toISOString() : String(at);
}

export function labelText(labels: Readonly<Record<string, string>>): string | null {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? null : pairs.join(" ");
}

/** From when to when, as days or moments in UTC. */
export function periodWords(from: number | undefined, to: number | undefined): readonly string[] {
  const words = (at: number) => String(stamp(at)).replace(/(?:T00:00)?:00\.000Z$/, "");
  return [
    ...(from === undefined ? [] : [`from ${words(from)}`]),
    ...(to === undefined ? [] : [`to ${words(to)}`]),
  ];
}
