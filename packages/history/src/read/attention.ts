import { type Failure, messageWithCause } from "@downbeat/domain";
import { jsonOf, numberOf, optionalText, type Row, textOf } from "../rows.ts";
import type { AttentionItem, AttentionList } from "../views.ts";
import { countAttention } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import {
  afterRow,
  afterRowValues,
  decodeRowPlace,
  encodeRowPlace,
  inRowOrder,
  placeOfRow,
} from "./open-row-place.ts";
import type { RunHistories } from "./run-history.ts";

export interface AttentionQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly fingerprint?: string | undefined;
}

/** What needs a person, oldest first, and the causes it falls into. */
export function listAttention(
  db: ReadDatabase,
  histories: RunHistories,
  query: AttentionQuery,
): Omit<AttentionList, "freshness"> {
  return db.atOnce(() => {
    const groups = groupsOf(db);
    const rows = page(db, query);
    const items: AttentionItem[] = [];
    for (const row of rows.slice(0, query.limit)) {
      const item = itemOf(row, histories);
      if (item !== undefined) items.push(item);
    }
    const last = rows[query.limit - 1];
    const more = rows.length > query.limit && last !== undefined;
    return {
      items,
      groups,
      total: countAttention(db),
      ...(more && { cursor: encodeRowPlace(placeOfRow(last)) }),
    };
  });
}

function page(db: ReadDatabase, { cursor, limit, fingerprint }: AttentionQuery): Row[] {
  const [index, where, values] =
    fingerprint === undefined
      ? ["attention_by_age", "o.fingerprint IS NOT NULL", []]
      : ["attention", "o.fingerprint = ?", [fingerprint]];
  return db.all(
    `SELECT o.run, o.row_id, o.kind, o.since, o.failure, o.fingerprint, r.run_id
     FROM open_rows o INDEXED BY ${index} CROSS JOIN runs r ON r.id = o.run
     WHERE ${where} AND ${afterRow} ${inRowOrder} LIMIT ?`,
    ...values,
    ...afterRowValues(decodeRowPlace(cursor)),
    limit + 1,
  );
}

function itemOf(row: Row, histories: RunHistories): AttentionItem | undefined {
  const runId = textOf(row, "run_id");
  const history = histories.get(runId);
  if (history === undefined) return undefined;
  const { fold } = history;
  const kind = kindOf(row);
  const job = fold.rows.get(textOf(row, "row_id"));
  const failure = kind === "code" ? fold.stuck?.failure : job?.kind === "job" ? job.failure : undefined;
  return {
    kind,
    runId,
    workflow: fold.workflow,
    labels: fold.labels,
    since: numberOf(row, "since"),
    failure: failure ?? jsonOf<Failure>(row, "failure"),
    fingerprint: textOf(row, "fingerprint"),
    ...(kind === "job" && job?.kind === "job" && { job }),
  };
}

function kindOf(row: Row): AttentionItem["kind"] {
  const kind = textOf(row, "kind");
  return kind === "code" || kind === "history" ? kind : "job";
}

function groupsOf(db: ReadDatabase): AttentionList["groups"] {
  const rows = db.all(`
    SELECT g.fingerprint, g.n, g.oldest,
      (SELECT o.name FROM open_rows o WHERE o.fingerprint = g.fingerprint AND o.since = g.oldest LIMIT 1) AS job_type,
      (SELECT o.kind FROM open_rows o WHERE o.fingerprint = g.fingerprint AND o.since = g.oldest LIMIT 1) AS kind,
      (SELECT o.failure FROM open_rows o WHERE o.fingerprint = g.fingerprint AND o.since = g.oldest LIMIT 1) AS failure
    FROM (
      SELECT fingerprint, count(*) AS n, min(since) AS oldest FROM open_rows INDEXED BY attention
      WHERE fingerprint IS NOT NULL GROUP BY fingerprint
    ) g ORDER BY g.n DESC, g.oldest LIMIT 200`);
  return rows.map((row) => {
    const failure = jsonOf<Failure>(row, "failure");
    const jobType = optionalText(row, "job_type") ?? "";
    return {
      fingerprint: textOf(row, "fingerprint"),
      kind: kindOf(row),
      ...(jobType !== "" && { jobType }),
      errorName: failure.name,
      message: messageWithCause(failure),
      count: numberOf(row, "n"),
      oldest: numberOf(row, "oldest"),
    };
  });
}
