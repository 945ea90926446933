import type { LedgerEntry, RunView } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { formatFull } from "../../../lib/absolute-time.ts";
import { ledgerWord } from "./ledger-word.ts";

export interface Moment {
  readonly word: string;
  /** ms since the epoch */
  readonly at: number;
}

/** In the order in which they came. */
export function momentsOf(entry: LedgerEntry): readonly Moment[] {
  const { doneAt, registeredAt, beganAt, endedAt, status } = entry;
  const moments: (Moment | undefined)[] = [
    doneAt === undefined ? { word: "registered", at: registeredAt } : { word: "done", at: doneAt },
    beganAt === undefined ? undefined : { word: "undo begun", at: beganAt },
    endedAt === undefined ? undefined : { word: status === "undoFailed" ? "failed" : "undone", at: endedAt },
  ];
  return moments.filter((moment) => moment !== undefined);
}

interface Receipt {
  /** Of the job: one that undoes its like has the same type. */
  readonly rowId: string;
  readonly jobType: string;
  readonly output: string;
}

/** What the job gave that was done, and the one that undid it. */
export function receiptsOf({ rows }: Pick<RunView, "rows">, entry: LedgerEntry): readonly Receipt[] {
  return [entry.undoes, entry.undoJobId].flatMap((rowId) => {
    const row = rows.find((each) => each.rowId === rowId);
    return row?.kind === "job" && row.status === "completed" && row.output !== undefined
      ? [{ rowId: row.rowId, jobType: row.jobType, output: row.output }]
      : [];
  });
}

/** For a colleague, who sees no page. */
export function ledgerText(run: RunView): string {
  const lines = run.ledger.map((entry) => {
    const what = entry.doneType === undefined ? entry.jobType : `${entry.doneType} ↩ ${entry.jobType}`;
    const moments = momentsOf(entry).map(({ word, at }) => `${word} ${formatFull(at)}`);
    const why = entry.failure === undefined ? [] : [failureWords(entry.failure)];
    const receipts = receiptsOf(run, entry).map(
      ({ jobType, output }) => `  receipt of ${jobType}: ${output}`,
    );
    const word = ledgerWord(entry, run.endedAt === undefined);
    return [`${what}: ${word} (${[...moments, ...why].join("; ")})`, ...receipts].join("\n");
  });
  return [`Compensation of ${run.runId}`, ...lines].join("\n");
}
