import { parsePosition } from "@downbeat/message-log";
import type { IgnoredRecord, KnownLog } from "@downbeat/read-model";
import type { CheckedAddress } from "./address.ts";
import { joined, nothing, PublishTime, type Sql, sql, texts } from "./sql.ts";

/** A part of the history topic, by when the log took it: what the connector finds without reading the rest. */
export interface LogPart {
  /** Absent: all of them. */
  readonly partitions?: readonly number[];
  /** ms since the epoch, inclusive. Absent: from the beginning. */
  readonly from?: number | undefined;
  /** Inclusive, but for the last record of each partition before it: the connector leaves that out. Absent: to the end. */
  readonly to?: number | undefined;
}

/** ms since the epoch, exact. */
export const publishedMs = sql`date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', h.__publish_time__)`;

/** The topic, as a name in a statement. */
export function historyTable({ catalogue, schema }: CheckedAddress): Sql {
  return { text: `"${catalogue}"."${schema}"."history"`, literals: [] };
}

/**
 * A row for each decision in the parts, without those of records that do not count: `partition`, `published`, `at`, `runid`, `workflow`, `inputid`, `seq`, `events`. Refusals of
 * commands to runs that don't exist are left out.
 */
export function decisionsIn(
  address: CheckedAddress,
  parts: readonly LogPart[],
  { ignored }: KnownLog,
  where: Sql = nothing,
): Sql {
  const conditions = (part: LogPart): Sql =>
    joined(
      [sql`d.seq > 0`, ...boundsOf(part), ...without(ignored, part), ...(where.text === "" ? [] : [where])],
      " AND ",
    );
  return joined(
    parts.map(
      (part) => sql`
        SELECT h.__partition__ AS partition, ${publishedMs} AS published, h.at, d.runid, d.workflow, d.inputid, d.seq, d.events
        FROM ${historyTable(address)} h
        CROSS JOIN UNNEST(h.decisions) AS d (runid, workflow, inputid, seq, events)
        WHERE ${conditions(part)}`,
    ),
    " UNION ALL ",
  );
}

/**
 * Record by record, on top of the bounds of a part. A comparison with the column itself would become a bound of what the connector reads, and it leaves
 * out the last record before such a bound.
 */
export function takenBefore(time: number): Sql {
  return sql`${publishedMs} < ${time}`;
}

/** The other side of {@link takenBefore}. */
export function takenFrom(time: number): Sql {
  return sql`${publishedMs} >= ${time}`;
}

export function boundsOf({ partitions, from, to }: LogPart): Sql[] {
  const bounds: Sql[] = [];
  const [first, ...others] = partitions ?? [];
  if (first !== undefined && others.length === 0) bounds.push(sql`h.__partition__ = ${first}`);
  else if (first !== undefined) {
    const values = joined(
      [first, ...others].map((partition) => sql`${partition}`),
      ", ",
    );
    bounds.push(sql`h.__partition__ IN (${values})`);
  }
  // One range of times: with more than one the connector reads everything.
  if (from !== undefined) bounds.push(sql`h.__publish_time__ >= ${new PublishTime(from)}`);
  if (to !== undefined) bounds.push(sql`h.__publish_time__ <= ${new PublishTime(to)}`);
  return bounds;
}

function without(ignored: readonly IgnoredRecord[] = [], { partitions }: LogPart): Sql[] {
  const here = ignored.filter(({ partition }) => partitions === undefined || partitions.includes(partition));
  if (here.length === 0) return [];
  return [sql`NOT contains(${texts(here.map(messageIdOf))}, h.__message_id__)`];
}

/** As the connector writes it. */
function messageIdOf({ position }: IgnoredRecord): string {
  const { ledger, entry, batchIndex } = parsePosition(position);
  return `(${ledger},${entry},${Math.max(batchIndex, 0)})`;
}
