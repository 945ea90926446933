import { z } from "zod";
import { numberOf, type Row, textOf } from "../rows.ts";
import { decodePlace, encodePlace } from "./cursor.ts";

/** A row of what is open in runs, by all that lists of such rows are sorted by: oldest first, and of one moment by run and id. */
export interface OpenRowPlace {
  readonly since: number;
  readonly run: number;
  readonly rowId: string;
}

const shape = z.tuple([z.literal("open"), z.number().int(), z.number().int(), z.string()]);

/** Before every row. */
const beforeAllRows: OpenRowPlace = { since: -1, run: -1, rowId: "" };

export function placeOfRow(row: Row): OpenRowPlace {
  return { since: numberOf(row, "since"), run: numberOf(row, "run"), rowId: textOf(row, "row_id") };
}

export function encodeRowPlace({ since, run, rowId }: OpenRowPlace): string {
  return encodePlace(["open", since, run, rowId]);
}

export function decodeRowPlace(cursor: string | undefined): OpenRowPlace {
  if (cursor === undefined) return beforeAllRows;
  const [, since, run, rowId] = decodePlace(cursor, shape);
  return { since, run, rowId };
}

/** Of `open_rows o`, what comes after the place; with `afterRowValues`. */
export const afterRow = "(o.since, o.run, o.row_id) > (?, ?, ?)";
export const inRowOrder = "ORDER BY o.since, o.run, o.row_id";

export function afterRowValues({ since, run, rowId }: OpenRowPlace): [number, number, string] {
  return [since, run, rowId];
}

export function byRowPlace(a: Row, b: Row): number {
  const [one, other] = [placeOfRow(a), placeOfRow(b)];
  if (one.since !== other.since) return one.since - other.since;
  if (one.run !== other.run) return one.run - other.run;
  return one.rowId < other.rowId ? -1 : 1;
}
