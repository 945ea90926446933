import type { SQLInputValue } from "node:sqlite";
import { numberOf, optionalText, type Row, textOf } from "../rows.ts";
import type { CauseScope } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { fingerprintOf, rowsOf, type WaitCause, type WaitRows } from "./wait-cause.ts";

/** Runs that are looked at for what they have in common, and items for the sake of them: some milliseconds. */
const mostRuns = 2_000;
const mostItems = 10_000;
const mostWorkflows = 20;
const mostLabels = 12;
const mostValues = 5;

/** What the runs that fall under a cause have in common: their workflows, the builds of the code, labels. */
export function causeScope(
  db: ReadDatabase,
  fingerprint: string,
  waits: readonly WaitCause[],
  now: number,
): CauseScope {
  return db.atOnce(() => {
    const wait = waits.find((each) => fingerprintOf(each) === fingerprint);
    const { from, where, values } =
      wait === undefined
        ? {
            from: "open_rows o INDEXED BY attention",
            where: "o.fingerprint = ?",
            values: [fingerprint] as SQLInputValue[],
          }
        : rowsOf(wait, now);
    const build = wait?.kind === "held" ? "NULL" : "o.build";
    // Along the index, which ends with the run.
    const items = db.iterate(
      `SELECT o.run, o.workflow, ${build} AS build FROM ${from} WHERE ${where}
       ORDER BY o.since DESC, o.run DESC, o.row_id DESC LIMIT ${mostItems}`,
      ...values,
    );
    const newest = new Map<number, Row>();
    let lookedAt = 0;
    for (const row of items) {
      lookedAt++;
      const run = numberOf(row, "run");
      // Of a run with several items, the newest one counts.
      if (!newest.has(run)) newest.set(run, row);
      if (newest.size === mostRuns) break;
    }
    const isAll = newest.size < mostRuns && lookedAt < mostItems;
    const rows = [...newest.values()];
    const workflows = new Map<string, { workflow: string; build?: string; runs: number }>();
    for (const row of rows) {
      const workflow = textOf(row, "workflow");
      const named = optionalText(row, "build");
      const key = `${workflow} ${named ?? ""}`;
      const known = workflows.get(key);
      if (known !== undefined) known.runs++;
      else workflows.set(key, { workflow, ...(named !== undefined && { build: named }), runs: 1 });
    }
    return {
      lookedAt: rows.length,
      runs: isAll ? rows.length : countRunsOf(db, { from, where, values }),
      workflows: [...workflows.values()].sort((a, b) => b.runs - a.runs).slice(0, mostWorkflows),
      labels: labelsOf(
        db,
        rows.map((row) => numberOf(row, "run")),
      ),
    };
  });
}

function countRunsOf(db: ReadDatabase, { from, where, values }: WaitRows): number {
  const row = db.get(`SELECT count(DISTINCT o.run) AS n FROM ${from} WHERE ${where}`, ...values);
  return row === undefined ? 0 : numberOf(row, "n");
}

function labelsOf(db: ReadDatabase, runs: readonly number[]): CauseScope["labels"] {
  const counted = db.all(
    `SELECT l.key, l.value, count(*) AS n FROM json_each(?) j CROSS JOIN labels l INDEXED BY labels_by_run ON l.run = j.value
     GROUP BY l.key, l.value ORDER BY n DESC, l.value`,
    JSON.stringify(runs),
  );
  const keys = Map.groupBy(counted, (row) => textOf(row, "key"));
  return Array.from(keys, ([key, values]) => ({
    key,
    values: values.length,
    top: values
      .slice(0, mostValues)
      .map((row) => ({ value: textOf(row, "value"), runs: numberOf(row, "n") })),
  }))
    .sort((a, b) => (b.top[0]?.runs ?? 0) - (a.top[0]?.runs ?? 0) || (a.key < b.key ? -1 : 1))
    .slice(0, mostLabels);
}
