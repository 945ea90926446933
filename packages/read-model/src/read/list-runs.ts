import { shownStatuses, zeroCounts } from "../derive/shown-status.ts";
import { startOf } from "../run-number.ts";
import type { RunFilter, RunList, RunSummary } from "../views.ts";
import { hasNoSteps } from "./content.ts";
import { type Counts, countRuns, total } from "./counts.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { clausesOf } from "./label-scan.ts";
import { planRuns } from "./run-plan.ts";
import {
  contentLimits,
  countScan,
  defaultLimits,
  type Found,
  type ListLimits,
  narrowed,
  passedCount,
  type Range,
  type RunScan,
  runScan,
} from "./run-scan.ts";
import { summariesByNumber } from "./summaries.ts";

export interface ListQuery {
  readonly filter: RunFilter;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of runs, newest first, and how many there are. */
export function listRuns(
  db: ReadDatabase,
  query: ListQuery,
  now: number,
  limits = defaultLimits,
): Omit<RunList, "freshness"> {
  return db.atOnce(() => {
    const { filter } = query;
    const isSearch = filter.content !== undefined;
    const { found, next, searchedTo, mostSorted, unsearched } = isSearch
      ? searchedPage(db, query, limits)
      : { ...page(db, query, limits), unsearched: 0 };
    const runs = summariesByNumber(
      db,
      found.map(({ id }) => id),
      now,
    );
    const { counts, isLowerBound } = isSearch
      ? countFound(runs, query.cursor === undefined && next === undefined && filter.status === undefined)
      : count(db, filter, limits, mostSorted);
    return {
      runs,
      ...(next !== undefined && { cursor: encodeCursor(next) }),
      ...(searchedTo !== undefined && { searchedTo }),
      ...(unsearched > 0 && { unsearched }),
      count: total(counts, filter.status ?? shownStatuses),
      countIsLowerBound: isLowerBound,
      countsByStatus: counts,
    };
  });
}

/** So many at a time, and then a look at how much that was. */
const searchedAtOnce = 25;

/** Runs are looked into one by one, some of them at a time: what they hold may be large. */
function searchedPage(
  db: ReadDatabase,
  query: ListQuery,
  limits: ListLimits,
): Page & { readonly unsearched: number } {
  const most = Math.min(limits.examined, contentLimits.examined);
  const some = { ...limits, examined: Math.min(most, searchedAtOnce) };
  const enough = db.lookedThrough + contentLimits.characters;
  const found: Found[] = [];
  let { cursor } = query;
  let unsearched = 0;
  for (let examined = some.examined; ; examined += some.examined) {
    const asked = { ...query, cursor, limit: query.limit - found.length };
    const part = page(db, asked, some);
    found.push(...part.found);
    unsearched += unsearchedOn(db, asked, part, some);
    const isOver = part.next === undefined || found.length >= query.limit;
    if (isOver || examined >= most || db.lookedThrough >= enough) return { ...part, found, unsearched };
    cursor = part.next === undefined ? undefined : encodeCursor(part.next);
  }
}

/** To count the others, each would have to be looked into. */
function countFound(
  runs: readonly RunSummary[],
  areAll: boolean,
): { readonly counts: Counts; readonly isLowerBound: boolean } {
  const counts = zeroCounts();
  for (const { shown } of runs) counts[shown] += 1;
  return { counts, isLowerBound: !areAll };
}

export interface Page {
  readonly found: readonly Found[];
  readonly next: Found | undefined;
  /** When it ends where the search stopped, ms since the epoch. */
  readonly searchedTo: number | undefined;
  readonly mostSorted: number;
}

/** Of one moment only within `atOnce`. */
export function page(db: ReadDatabase, { filter, cursor, limit }: ListQuery, limits: ListLimits): Page {
  const range = rangeOf(filter, cursor === undefined ? undefined : decodeCursor(cursor));
  const found = (mostSorted: number): Page => {
    const scans = planRuns(db, filter, range, limits, mostSorted);
    const { isStopped, ...first } = firstFound(db, scans, limit, limits);
    const at = isStopped ? first.next?.at : undefined;
    const searchedTo = at === undefined || filter.by === "ended" ? at : startOf(at);
    return { ...first, searchedTo, mostSorted };
  };
  const first = found(limits.sorted);
  const isShort = first.found.length < limit && first.next !== undefined;
  if (!isShort || (filter.text ?? "").trim() === "") return first;
  // Many runs have the text, but none of the newest.
  return found(limits.sortedThoroughly);
}

/** Runs that this page would have looked into for the content, were their events still here: by the same walks, and as far. */
function unsearchedOn(
  db: ReadDatabase,
  { filter: { content: _, ...filter }, cursor }: ListQuery,
  { next, mostSorted }: Page,
  limits: ListLimits,
): number {
  const range = rangeOf(filter, cursor === undefined ? undefined : decodeCursor(cursor));
  return planRuns(db, filter, range, limits, mostSorted)
    .map((scan) => passedCount(db, narrowed(scan, [hasNoSteps]), limits, next))
    .reduce((sum, each) => sum + each, 0);
}

function firstFound(
  db: ReadDatabase,
  scans: readonly RunScan[],
  limit: number,
  limits: ListLimits,
): Pick<Page, "found" | "next"> & { readonly isStopped: boolean } {
  const found: Found[] = [];
  let horizon: Found | undefined;
  for (const scan of scans) {
    const result = runScan(db, scan, limit + 1, limits);
    found.push(...result.found);
    const { stoppedAt } = result;
    if (stoppedAt !== undefined && (horizon === undefined || newerFirst(stoppedAt, horizon) < 0)) {
      horizon = stoppedAt;
    }
  }
  found.sort(newerFirst);
  // What is older than where one scan stopped may be missing some: it belongs to the next page.
  const end = horizon;
  const known = end === undefined ? found : found.filter((run) => newerFirst(run, end) <= 0);
  const shown = known.slice(0, limit);
  const isStopped = known.length <= limit && horizon !== undefined;
  return { found: shown, next: known.length > limit ? shown.at(-1) : horizon, isStopped };
}

function newerFirst(a: Found, b: Found): number {
  return b.at - a.at || b.id - a.id;
}

function rangeOf({ from, to }: RunFilter, after: Range["after"]): Range {
  return { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER, after };
}

/** Per status, under the same filter but the status. */
function count(
  db: ReadDatabase,
  filter: RunFilter,
  limits: ListLimits,
  mostSorted: number,
): { counts: Counts; isLowerBound: boolean } {
  const { status: _, ...others } = filter;
  const { from, to, by, text } = others;
  const isLabelled =
    clausesOf(filter).length + (filter.facets?.length ?? 0) > 0 ||
    filter.took !== undefined ||
    filter.missed !== undefined;
  const onlyWorkflow =
    from === undefined && to === undefined && by !== "ended" && !isLabelled && (text ?? "").trim() === "";
  if (onlyWorkflow) return { counts: countRuns(db, filter.workflow), isLowerBound: false };

  const counts = zeroCounts();
  let stopped = false;
  // With all statuses named, each is counted along its own index.
  const bySearch = isLabelled || (text ?? "").trim() !== "";
  const counted = bySearch ? others : { ...others, status: shownStatuses };
  for (const scan of planRuns(db, counted, rangeOf(others, undefined), limits, mostSorted)) {
    const result = countScan(db, scan, limits);
    stopped ||= result.stopped;
    for (const [status, n] of result.counts) counts[status] += n;
  }
  return { counts, isLowerBound: stopped };
}
