import { inputDigest } from "@downbeat/domain";
import { isOpen } from "../derive/shown-status.ts";
import { ledgerOf } from "../fold/compensation.ts";
import type { RunSummary, RunView } from "../views.ts";
import { isWhole, type RunHistory } from "./run-history.ts";

/** Everything about one run but its events. */
export function runView(
  summary: RunSummary,
  history: RunHistory,
  sinceSeq: number | undefined,
): Omit<RunView, "freshness"> {
  const { fold } = history;
  // What has left is known of by the summary only.
  const seq = isWhole(history) ? fold.seq : Math.max(fold.seq, summary.seq);
  const rows = [...fold.rows.values()].filter((row) => sinceSeq === undefined || row.lastSeq > sinceSeq);
  const awaitedSignals: RunView["awaitedSignals"][number][] = [];
  for (const row of fold.rows.values()) {
    if (row.kind !== "signal" || row.status !== "awaited" || !isOpen(row)) continue;
    const until = row.dueAt === undefined ? {} : { until: row.dueAt };
    awaitedSignals.push({ waitId: row.rowId, name: row.name, since: row.from, ...until });
  }
  if (history.steps[0]?.seq === 1) history.inputDigest ??= inputDigest(fold.input);
  return {
    ...summary,
    // Of the same moment as the rows: the summary may have been read just before.
    seq,
    ...(fold.failure !== undefined && summary.failure !== undefined && { failure: fold.failure }),
    input: fold.input,
    ...(history.inputDigest !== undefined && { inputDigest: history.inputDigest }),
    ...(fold.output !== undefined && { output: fold.output }),
    ...(fold.startedBy !== undefined && { startedBy: fold.startedBy }),
    eventCount: seq,
    rows,
    ...(sinceSeq !== undefined && { sinceSeq }),
    ledger: ledgerOf(fold),
    actions: [...fold.actions.values()],
    awaitedSignals,
  };
}
