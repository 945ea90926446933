import { shownStatuses, zeroCounts } from "../derive/shown-status.ts";
import { jsonOf, numberOf, type RunDetails, textOf } from "../rows.ts";
import { fold, termsOf } from "../terms.ts";
import type { RunFilter, RunList, ShownStatus } from "../views.ts";
import {
  byLabel,
  byPrefix,
  byStatus,
  byTime,
  type Candidate,
  type Candidates,
  merged,
  type Range,
} from "./candidates.ts";
import { type Counts, countRuns, listWorkflows, total } from "./counts.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { summariesByNumber } from "./summaries.ts";

/** Counting stops here: "more than 10,000". */
export const countLimit = 10_000;
/** Runs looked at for one page or one count. A filter that nearly nothing passes answers with what was found so far, and a cursor. */
const mostExamined = 20_000;
const mostPrefixHits = 10_000;

export interface ListQuery {
  readonly filter: RunFilter;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of runs, newest first, and how many there are. */
export function listRuns(db: ReadDatabase, query: ListQuery, now: number): Omit<RunList, "freshness"> {
  return db.atOnce(() => {
    const { found, next } = page(db, query);
    const runs = summariesByNumber(db, found, now);
    const counted = count(db, query.filter);
    const statuses = query.filter.status ?? shownStatuses;
    return {
      runs,
      ...(next !== undefined && { cursor: encodeCursor(next) }),
      count: Math.min(total(counted.counts, statuses), counted.exact ? Number.MAX_SAFE_INTEGER : countLimit),
      countIsLowerBound: !counted.exact && (counted.stopped || total(counted.counts, statuses) > countLimit),
      countsByStatus: counted.counts,
    };
  });
}

interface Page {
  readonly found: number[];
  readonly next: { readonly at: number; readonly id: number } | undefined;
}

function page(db: ReadDatabase, { filter, cursor, limit }: ListQuery): Page {
  const range = rangeOf(filter, cursor === undefined ? undefined : decodeCursor(cursor));
  const passes = predicate(db, filter);
  const found: number[] = [];
  let examined = 0;
  let last: Candidate | undefined;
  for (const candidate of candidates(db, filter, range)) {
    if (found.length === limit || examined === mostExamined) {
      return { found, next: last };
    }
    examined++;
    last = candidate;
    if (passes(candidate)) found.push(candidate.id);
  }
  return { found, next: undefined };
}

function rangeOf({ from, to }: RunFilter, after: Range["after"]): Range {
  return { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER, after };
}

/** A superset of what the filter lets through, in the list's order, along the index that is likely to hold the fewest. */
function candidates(db: ReadDatabase, filter: RunFilter, range: Range): Candidates {
  if (filter.by === "ended") return byTime(db, "ended_at", range);
  const statuses = filter.status ?? shownStatuses;
  const byStatuses = (workflow: string | undefined): Candidates =>
    merged(statuses.map((status) => byStatus(db, shownStatuses.indexOf(status), workflow, range)));

  const [key, value] = Object.entries(filter.labels ?? {})[0] ?? [];
  if (key !== undefined && value !== undefined) {
    const open = filter.status !== undefined && total(countRuns(db, filter.workflow), statuses) < fewRuns;
    return open ? byStatuses(filter.workflow) : byLabel(db, fold(value), key, range);
  }
  if (filter.text !== undefined && filter.text !== "") {
    const prefix = fold(filter.text.trim());
    const hits = byPrefix(db, prefix, range, mostPrefixHits);
    const workflows = listWorkflows(db).filter(({ workflow }) => fold(workflow).startsWith(prefix));
    if (hits !== undefined) return merged([hits, ...workflows.map(({ workflow }) => byStatuses(workflow))]);
  }
  if (filter.workflow === undefined && filter.status === undefined) return byTime(db, "started_at", range);
  return byStatuses(filter.workflow);
}

const fewRuns = 2_000;

function predicate(db: ReadDatabase, filter: RunFilter): (candidate: Candidate) => boolean {
  const statuses = filter.status && new Set(filter.status.map((status) => shownStatuses.indexOf(status)));
  const labels = Object.entries(filter.labels ?? {});
  const text = filter.text === undefined || filter.text.trim() === "" ? undefined : fold(filter.text.trim());
  return ({ id, shown, workflow }) => {
    if (statuses !== undefined && !statuses.has(shown)) return false;
    if (filter.workflow !== undefined && workflow !== filter.workflow) return false;
    if (labels.length === 0 && text === undefined) return true;
    const run = labelsOf(db, id);
    if (run === undefined) return false;
    if (!labels.every(([key, value]) => Object.hasOwn(run.labels, key) && run.labels[key] === value))
      return false;
    if (text === undefined || fold(workflow).startsWith(text)) return true;
    return termsOf(run.runId, run.labels).some(({ term }) => term.startsWith(text));
  };
}

function labelsOf(db: ReadDatabase, id: number) {
  const row = db.get(
    "SELECT r.run_id, d.json FROM runs r JOIN run_details d ON d.id = r.id WHERE r.id = ?",
    id,
  );
  return row === undefined
    ? undefined
    : { runId: textOf(row, "run_id"), labels: jsonOf<RunDetails>(row).labels };
}

interface Counted {
  readonly counts: Counts;
  readonly exact: boolean;
  readonly stopped: boolean;
}

/** Per status, under the same filter but the status. */
function count(db: ReadDatabase, filter: RunFilter): Counted {
  const { status: _, ...others } = filter;
  const timed = filter.from !== undefined || filter.to !== undefined;
  const searched = Object.keys(filter.labels ?? {}).length > 0 || (filter.text ?? "").trim() !== "";
  if (!timed && !searched && filter.by !== "ended") {
    return { counts: countRuns(db, filter.workflow), exact: true, stopped: false };
  }
  if (!searched && filter.by !== "ended") return countRange(db, filter);

  const counts = zeroCounts();
  const passes = predicate(db, others);
  let examined = 0;
  let counted = 0;
  for (const candidate of candidates(db, others, rangeOf(others, undefined))) {
    if (counted === countLimit || examined === mostExamined) return { counts, exact: false, stopped: true };
    examined++;
    if (!passes(candidate)) continue;
    counted++;
    const status = shownStatuses[candidate.shown];
    if (status !== undefined) counts[status]++;
  }
  return { counts, exact: false, stopped: false };
}

function countRange(db: ReadDatabase, { workflow, from, to }: RunFilter): Counted {
  const counts = zeroCounts();
  let stopped = false;
  shownStatuses.forEach((status: ShownStatus, shown) => {
    const values = [shown, from ?? 0, (to ?? Number.MAX_SAFE_INTEGER) - 1, countLimit + 1];
    const row =
      workflow === undefined
        ? db.get(
            `SELECT count(*) AS n FROM (SELECT 1 FROM runs INDEXED BY runs_by_shown
             WHERE shown = ? AND started_at >= ? AND started_at <= ? LIMIT ?)`,
            ...values,
          )
        : db.get(
            `SELECT count(*) AS n FROM (SELECT 1 FROM runs INDEXED BY runs_by_workflow
             WHERE workflow = ? AND shown = ? AND started_at >= ? AND started_at <= ? LIMIT ?)`,
            workflow,
            ...values,
          );
    const n = row === undefined ? 0 : numberOf(row, "n");
    if (n > countLimit) stopped = true;
    counts[status] = Math.min(n, countLimit);
  });
  return { counts, exact: false, stopped };
}
