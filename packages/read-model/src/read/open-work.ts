import type { SQLInputValue } from "node:sqlite";
import { numberOf, type Row, textOf } from "../rows.ts";
import type { OpenJobCounts } from "../views.ts";
import type { ReadDatabase } from "./database.ts";

/** What open runs wait for at present, whenever it began. */
export interface OpenWork {
  /** By job type. */
  readonly jobs: ReadonlyMap<string, OpenJobCounts>;
  /** By workflow: runs whose code in workers has not said what comes next. */
  readonly answers: ReadonlyMap<string, AwaitedAnswers>;
}

interface AwaitedAnswers {
  readonly runs: number;
  /** ms since the epoch */
  readonly oldest: number;
}

export function openWork(db: ReadDatabase, workflow?: string): OpenWork {
  const jobs = new Map<string, OpenJobCounts>();
  for (const row of counted(db, "job", workflow)) {
    const type = textOf(row, "name");
    const known = jobs.get(type) ?? { waiting: 0, running: 0, backingOff: 0, stuck: 0 };
    jobs.set(type, { ...known, ...countOf(textOf(row, "status"), row) });
  }
  const answers = new Map<string, AwaitedAnswers>();
  for (const row of counted(db, "answer", workflow))
    answers.set(textOf(row, "name"), { runs: numberOf(row, "n"), oldest: numberOf(row, "oldest") });
  return { jobs, answers };
}

function countOf(status: string, row: Row): Partial<OpenJobCounts> {
  const n = numberOf(row, "n");
  switch (status) {
    case "scheduled":
      return { waiting: n, waitingSince: numberOf(row, "oldest") };
    case "running":
      return { running: n };
    case "backingOff":
      return { backingOff: n };
    case "stuck":
      return { stuck: n };
    default:
      return {};
  }
}

/** Along an index that holds all of it. */
function counted(db: ReadDatabase, kind: string, workflow: string | undefined): Row[] {
  const [index, where, values]: [string, string, SQLInputValue[]] =
    workflow === undefined
      ? ["open_rows_by_name", "kind = ?", [kind]]
      : ["open_rows_by_workflow", "workflow = ? AND kind = ?", [workflow, kind]];
  return db.all(
    `SELECT name, status, count(*) AS n, min(since) AS oldest FROM open_rows INDEXED BY ${index}
     WHERE ${where} GROUP BY name, status`,
    ...values,
  );
}
