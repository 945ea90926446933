import { isDeepStrictEqual } from "node:util";
import { parseRunEvents } from "@downbeat/protocol";
import { isEnd, type Step } from "@downbeat/read-model/rules";
import { z } from "zod";
import type { Sql } from "./sql.ts";
import { sql } from "./sql.ts";

/** The columns of `decisionsIn` that `stepsByRun` takes. Cast to JSON, a row keeps the names of its fields as they were written. */
export function stepColumns(decisions: Sql): Sql {
  return sql`SELECT runid, seq, at, inputid, json_format(CAST(events AS JSON)) FROM (${decisions})`;
}

const stepRow = z.tuple([
  z.string(),
  z.number().int(),
  z.number().int(),
  z.string(),
  z.string().transform((text): unknown => JSON.parse(text)),
]);

/** The steps of each run, in order. What nobody can parse does not count, as everywhere. */
export function stepsByRun(rows: readonly unknown[]): Map<string, Step[]> {
  const runs = new Map<string, Step[]>();
  for (const row of rows) {
    const [runId, seq, at, inputId, columns] = stepRow.parse(row);
    const events = parseRunEvents(present(columns));
    if (events === undefined) continue;
    const step = { seq, at, inputId, events };
    const steps = runs.get(runId);
    if (steps === undefined) runs.set(runId, [step]);
    else steps.push(step);
  }
  for (const steps of runs.values()) steps.sort((a, b) => a.seq - b.seq);
  return runs;
}

/** A column that is null is a field that was not there: no field of an event holds null. */
export function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]): [string, unknown][] =>
      part === null ? [] : [[name, present(part)]],
    ),
  );
}

/** From event 1 on as far as there is no gap; what comes twice counts once, as in the projection. */
export function unbroken(steps: readonly Step[]): Step[] {
  const kept: Step[] = [];
  let next = 1;
  for (const step of steps) {
    if (step.seq !== next) continue;
    kept.push(step);
    next += step.events.length;
  }
  return kept;
}

/**
 * Number of the first event of which the steps tell two different things: one of them is of a record that does not count. The same record twice says nothing
 * different.
 */
export function disputed(steps: readonly Step[]): number | undefined {
  const told = new Map<number, Step>();
  let next = 1;
  for (const step of steps) {
    if (step.seq < next) {
      if (!isDeepStrictEqual(step, told.get(step.seq))) return step.seq;
      continue;
    }
    told.set(step.seq, step);
    next = step.seq + step.events.length;
  }
  return undefined;
}

export function isOver(steps: readonly Step[]): boolean {
  return steps.some(({ events }) => events.some(isEnd));
}
