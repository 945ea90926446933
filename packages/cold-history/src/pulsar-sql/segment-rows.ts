import { z } from "zod";
import type { CheckedAddress } from "./address.ts";
import { boundsOf, historyTable, type LogPart, publishedMs, takenBefore } from "./history-table.ts";
import type { Cursors, Segment } from "./segment-fold.ts";
import { joined, type Sql, sql, texts } from "./sql.ts";
import type { Stretch } from "./stretches.ts";

/** A record's place in the log: ledger, entry, and place within the entry. Compared number by number. */
export type Spot = readonly [ledger: number, entry: number, batchIndex: number];

export interface PlacedSpot {
  readonly partition: number;
  readonly spot: Spot;
}

/** A segment, and where it is. */
export interface PlacedSegment extends Segment {
  readonly first: Spot;
  readonly last: Spot;
  /** When the log took these two, ms since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
}

const spotColumn = sql`CAST(json_parse(
  '[' || substr(h.__message_id__, 2, length(h.__message_id__) - 2) || ']') AS array(bigint))`;

const inOrder = sql`OVER (PARTITION BY partition ORDER BY spot)`;
const isId = (column: Sql): Sql => sql`length(${column}) BETWEEN 1 AND 200`;
/** What a message is, as `readRecord` sees it; null when it is no record. Its events have no say in that. */
const kindOf = sql`
  CASE
    WHEN at < 0 OR at IS NULL OR id IS NULL OR NOT ${isId(sql`id`)} THEN NULL
    WHEN kind = 'claim' AND epoch >= 1 AND owner IS NOT NULL THEN kind
    WHEN kind = 'decisions' AND ${isId(sql`prev`)} AND ${isId(sql`claimid`)} AND coalesce(epoch, 1) >= 1
      AND dispatchedupto >= 0 AND decisions IS NOT NULL THEN kind
  END`;

/**
 * The first record of each segment in the stretch, with the record before it; and the last record of each partition. A stretch is as long as the greatest time so
 * far in its partition is within it: so it has no gap where times go back.
 */
export function segmentsStatement(
  address: CheckedAddress,
  parts: readonly LogPart[],
  { from = 0, to }: Stretch,
  cursors: Cursors,
): Sql {
  const lastIds = Array.from(cursors.values(), ({ last }) => last);
  const records = joined(
    parts.map((part) => {
      const bounds = boundsOf(part);
      const where = bounds.length === 0 ? sql`` : sql`WHERE ${joined(bounds, " AND ")}`;
      return sql`
        SELECT h.__partition__ AS partition, ${spotColumn} AS spot, ${publishedMs} AS published,
          h.kind, h.id, h.prev, h.claimid, h.epoch, h.owner, h.at, h.dispatchedupto, h.decisions
        FROM ${historyTable(address)} h ${where}`;
    }),
    " UNION ALL ",
  );
  return sql`
    SELECT partition, spot, published, ishead, islast, kind, id, prev, claimid, epoch, idbefore, spotbefore, publishedbefore
    FROM (
      SELECT *, NOT coalesce(kind = 'decisions' AND prev = idbefore AND lag(copies) ${inOrder} = 1
        AND NOT contains(${texts(lastIds)}, idbefore), false) AS ishead
      FROM (
        SELECT *, lag(id) ${inOrder} AS idbefore, lag(spot) ${inOrder} AS spotbefore,
          lag(published) ${inOrder} AS publishedbefore, lead(published) ${inOrder} IS NULL AS islast,
          count(*) OVER (PARTITION BY partition, id) AS copies
        FROM (
          SELECT partition, spot, published, kind, prev, claimid, epoch, CASE WHEN kind IS NOT NULL THEN id END AS id,
            max(published) ${inOrder} AS reached
          FROM (SELECT partition, spot, published, id, prev, claimid, epoch, ${kindOf} AS kind FROM (${records}))
        )
        WHERE reached >= ${from} AND reached < ${to}
      )
    )
    WHERE ishead OR islast`;
}

const spot = z.tuple([z.number().int(), z.number().int(), z.number().int()]);
const row = z.tuple([
  z.number().int(),
  spot,
  z.number().int(),
  z.boolean(),
  z.boolean(),
  z.enum(["claim", "decisions"]).nullable(),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
  z.number().int().nullable(),
  z.string().nullable(),
  spot.nullable(),
  z.number().int().nullable(),
]);

/** In the order of their partitions. */
export function segmentsOf(rows: readonly unknown[]): PlacedSegment[] {
  const segments: PlacedSegment[] = [];
  const parsed = rows.map((each) => row.parse(each));
  parsed.sort((a, b) => a[0] - b[0] || compareSpots(a[1], b[1]));
  let open: Pick<PlacedSegment, "partition" | "head" | "first" | "firstAt"> | undefined;
  const close = (lastId: string | null, last: Spot | null, lastAt: number | null): void => {
    if (open === undefined || last === null || lastAt === null) return;
    segments.push({ ...open, lastId: lastId ?? "", last, lastAt });
    open = undefined;
  };
  for (const [
    partition,
    at,
    published,
    isHead,
    isLast,
    kind,
    id,
    prev,
    claimId,
    epoch,
    ...before
  ] of parsed) {
    if (isHead) {
      close(...before);
      open = { partition, head: headerOf({ kind, id, prev, claimId, epoch }), first: at, firstAt: published };
    }
    if (isLast) close(id, at, published);
  }
  return segments;
}

/** The places of all records of the segments that the log took before the time. */
export function spotsStatement(
  address: CheckedAddress,
  parts: readonly LogPart[],
  segments: readonly PlacedSegment[],
  asOf: number,
): Sql {
  const ranges = JSON.stringify(segments.map(({ partition, first, last }) => [[partition], first, last]));
  const isWithin = sql`any_match(CAST(json_parse(${ranges}) AS array(array(array(bigint)))),
    r -> partition = r[1][1] AND spot BETWEEN r[2] AND r[3])`;
  const spots = joined(
    parts.map(
      (part) => sql`
        SELECT h.__partition__ AS partition, ${spotColumn} AS spot FROM ${historyTable(address)} h
        WHERE ${joined([takenBefore(asOf), ...boundsOf(part)], " AND ")}`,
    ),
    " UNION ALL ",
  );
  return sql`SELECT partition, spot FROM (${spots}) WHERE ${isWithin}`;
}

const spotRow = z.tuple([z.number().int(), spot]);

export function spotsOf(rows: readonly unknown[]): PlacedSpot[] {
  return rows.map((each) => {
    const [partition, at] = spotRow.parse(each);
    return { partition, spot: at };
  });
}

export function compareSpots(a: Spot, b: Spot): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

interface HeaderColumns {
  readonly kind: "claim" | "decisions" | null;
  readonly id: string | null;
  readonly prev: string | null;
  readonly claimId: string | null;
  readonly epoch: number | null;
}

function headerOf({ kind, id, prev, claimId, epoch }: HeaderColumns): Segment["head"] {
  if (id === null) return undefined;
  if (kind === "claim" && epoch !== null) return { kind, id, epoch, owner: "" };
  if (kind !== "decisions" || prev === null || claimId === null) return undefined;
  return { kind, id, prev, claimId, ...(epoch !== null && { epoch }) };
}
