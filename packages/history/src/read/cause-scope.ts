import type { SQLInputValue } from "node:sqlite";
import { numberOf, optionalText, textOf } from "../rows.ts";
import type { CauseScope } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { fingerprintOf, rowsOf, type WaitCause } from "./wait-cause.ts";

/** Runs that are looked at for what they have in common: some milliseconds. */
const mostRuns = 2_000;
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
    const runs = db.get(`SELECT count(DISTINCT o.run) AS n FROM ${from} WHERE ${where}`, ...values);
    // Of a run with several items, the newest one counts.
    const rows = db.all(
      `SELECT o.run, o.workflow, ${build} AS build, max(o.since) AS newest FROM ${from} WHERE ${where}
       GROUP BY o.run ORDER BY newest DESC, o.run DESC LIMIT ${mostRuns}`,
      ...values,
    );
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
      runs: runs === undefined ? 0 : numberOf(runs, "n"),
      workflows: [...workflows.values()].sort((a, b) => b.runs - a.runs).slice(0, mostWorkflows),
      labels: labelsOf(
        db,
        rows.map((row) => numberOf(row, "run")),
      ),
    };
  });
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
