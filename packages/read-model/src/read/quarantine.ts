import type { SQLInputValue } from "node:sqlite";
import { z } from "zod";
import { jsonOf, numberOf, type Row, textOf } from "../rows.ts";
import type { QuarantineList } from "../views.ts";
import { topicOf } from "../write/topic-of.ts";
import { decodePlace, encodePlace } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";

export interface QuarantineQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Newest first; `keys` is what its rows are sorted by, down to what no other row has. */
interface Part {
  readonly table: string;
  readonly keys: readonly [at: string, ...others: string[]];
}

const messages: Part = { table: "quarantine", keys: ["at", "position"] };
const refused: Part = { table: "refusals", keys: ["at", "run_id", "input_id"] };
const leftOut: Part = { table: "left_out", keys: ["at", "partition", "position"] };

/** Where each of the three lists ended; `null`: at its end. */
const place = z.array(z.union([z.string(), z.number()])).nullable();
const shape = z.tuple([z.literal("set aside"), place, place, place]);

/** Of each kind a page, and a cursor for what comes after all three. */
export function listQuarantine(
  db: ReadDatabase,
  { limit, cursor }: QuarantineQuery,
): Omit<QuarantineList, "freshness"> {
  return db.atOnce(() => {
    const [, ...after] = cursor === undefined ? (["", [], [], []] as const) : decodePlace(cursor, shape);
    const ofMessages = page(db, messages, after[0], limit);
    const ofRefused = page(db, refused, after[1], limit);
    const ofLeftOut = page(db, leftOut, after[2], limit);
    const next = [ofMessages.next, ofRefused.next, ofLeftOut.next];
    return {
      messages: ofMessages.rows.map((row) => jsonOf<QuarantineList["messages"][number]>(row)),
      refused: ofRefused.rows.map((row) => jsonOf<QuarantineList["refused"][number]>(row)),
      leftOut: ofLeftOut.rows.map((row) => ({
        topic: topicOf(numberOf(row, "partition")),
        position: textOf(row, "position"),
        at: numberOf(row, "at"),
        reason: textOf(row, "reason"),
        runIds: jsonOf<readonly string[]>(row, "run_ids"),
      })),
      counts: {
        messages: lengthOf(db, messages),
        refused: lengthOf(db, refused),
        leftOut: lengthOf(db, leftOut),
      },
      ...(next.some((one) => one !== null) && { cursor: encodePlace(["set aside", ...next]) }),
    };
  });
}

function page(
  db: ReadDatabase,
  { table, keys }: Part,
  after: readonly SQLInputValue[] | null,
  limit: number,
): { readonly rows: readonly Row[]; readonly next: readonly unknown[] | null } {
  if (after === null) return { rows: [], next: null };
  const order = keys.map((key) => `${key} DESC`).join(", ");
  const isFirst = after.length !== keys.length;
  const where = isFirst ? "" : `WHERE (${keys.join(", ")}) < (${keys.map(() => "?").join(", ")})`;
  const found = db.all(
    `SELECT * FROM ${table} ${where} ORDER BY ${order} LIMIT ?`,
    ...(isFirst ? [] : after),
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows,
    next: found.length <= limit || last === undefined ? null : keys.map((key) => last[key]),
  };
}

function lengthOf(db: ReadDatabase, { table }: Part): number {
  const row = db.get(`SELECT count(*) AS n FROM ${table}`);
  return row === undefined ? 0 : numberOf(row, "n");
}

/** Entries of all three lists that came at this time or later, ms since the epoch. */
export function countSetAsideFrom(db: ReadDatabase, from: number): number {
  return db.atOnce(() =>
    [messages, refused, leftOut].reduce((sum, { table }) => {
      const row = db.get(`SELECT count(*) AS n FROM ${table} WHERE at >= ?`, from);
      return sum + (row === undefined ? 0 : numberOf(row, "n"));
    }, 0),
  );
}
