import { type ExactNumber, exactOf, foldedLabel } from "@downbeat/domain";
import { type Amount, cutGave, cutGiven, pathOfLabel } from "../derive/amounts.ts";
import { shownStatuses } from "../derive/shown-status.ts";
import { numberOf, optionalNumber, optionalText, textOf } from "../rows.ts";
import type { BreakDownBy } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { facetColumn } from "./facet.ts";
import { labelKeys } from "./label-scan.ts";
import type { LookedAt } from "./measured-runs.ts";

/** How the runs of these numbers are looked at, in whatever order. */
export function runLooker(
  db: ReadDatabase,
  by: BreakDownBy | undefined,
  path: string | undefined,
): (ids: readonly number[]) => Iterable<LookedAt> {
  const keys = labelKeys(db);
  const groupKeys = by?.by === "label" ? keys.filter((key) => foldedLabel(key) === foldedLabel(by.key)) : [];
  const value = by === undefined ? "NULL" : by.by === "label" ? labelValue(groupKeys) : facetColumn(by.by);
  const numberKey = path === undefined ? undefined : keys.find((key) => pathOfLabel(key) === path);
  const isLabel = path?.startsWith("label.") ?? false;
  const column = path === undefined ? undefined : path.startsWith("output") ? "gave" : "given";
  const number =
    column === undefined
      ? "NULL"
      : isLabel
        ? labelValue(numberKey === undefined ? [] : [numberKey])
        : `(SELECT ${column} FROM run_numbers WHERE run = r.id)`;
  const cut =
    column === undefined || isLabel
      ? "0"
      : `coalesce((SELECT cut & ${column === "gave" ? cutGave : cutGiven} FROM run_numbers WHERE run = r.id), 0)`;
  const sql = `SELECT r.id, r.run_id, r.workflow, r.shown, r.started_at, r.ended_at, ${value} AS value, ${number} AS number, ${cut} AS cut
    FROM json_each(?) c CROSS JOIN runs r ON r.id = c.value${value.includes("d.") ? " JOIN run_details d ON d.id = r.id" : ""}`;
  const values = [...groupKeys, ...(isLabel && numberKey !== undefined ? [numberKey] : [])];
  const numberIn = (text: string | undefined): ExactNumber | undefined => {
    if (text === undefined || path === undefined) return undefined;
    if (isLabel) return exactOf(text.trim());
    const found = (JSON.parse(text) as Amount[]).find(([known]) => known === path);
    return found === undefined ? undefined : exactOf(found[1]);
  };
  return function* look(ids) {
    for (const row of db.all(sql, ...values, JSON.stringify(ids))) {
      const shown = shownStatuses[numberOf(row, "shown")];
      if (shown === undefined) continue;
      yield {
        id: numberOf(row, "id"),
        runId: textOf(row, "run_id"),
        workflow: textOf(row, "workflow"),
        shown,
        startedAt: numberOf(row, "started_at"),
        endedAt: optionalNumber(row, "ended_at"),
        value: optionalText(row, "value"),
        number: numberIn(optionalText(row, "number")),
        isCut: numberOf(row, "cut") !== 0,
      };
    }
  };
}

/** Keys come as values of the statement, in this order. */
function labelValue(keys: readonly string[]): string {
  if (keys.length === 0) return "NULL";
  return `(SELECT value FROM labels INDEXED BY labels_by_run WHERE run = r.id AND key IN (${keys.map(() => "?").join(", ")}) LIMIT 1)`;
}
