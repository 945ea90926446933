import type { RunSummary, ShownRunView, TimelineRow } from "@downbeat/api/views";

/** A newer answer that holds only the rows changed since the known one. Rows keep their places; new ones come last. */
export function mergeRunView(known: ShownRunView, news: ShownRunView): ShownRunView {
  if (news.sinceSeq === undefined) return news.seq >= known.seq ? news : known;
  if (news.seq < known.seq) return known;
  const changed = new Map(news.rows.map((row) => [row.rowId, row]));
  const rows: TimelineRow[] = known.rows.map((row) => {
    const change = changed.get(row.rowId);
    changed.delete(row.rowId);
    return change === undefined || change.lastSeq < row.lastSeq ? row : change;
  });
  rows.push(...changed.values());
  const { sinceSeq: _, ...rest } = news;
  return { ...rest, rows };
}

/** The pushed summary is there before the rows are: status and sentence move at once. */
export function withSummary(known: ShownRunView, summary: RunSummary): ShownRunView {
  // What is pushed is masked, for it is the same for all.
  if (known.masked?.until !== undefined) return known;
  // `seq` stays: it says which rows are known.
  return summary.seq < known.seq ? known : { ...known, ...summary, seq: known.seq };
}
