import { setImmediate } from "node:timers/promises";
import { foldedLabel } from "@downbeat/domain";
import type { BreakDown, BreakDownBy, GroupFilter, MeasuredGroup, RunFilter } from "../views.ts";
import { bucketBounds } from "./bucket-bounds.ts";
import { bucketLength } from "./bucket-length.ts";
import { encodeCursor } from "./cursor.ts";
import type { ReadDatabase } from "./database.ts";
import { DurationMap, durationBands } from "./duration-map.ts";
import { beginningOf } from "./earlier-reads.ts";
import { ExtremeRuns } from "./extreme-runs.ts";
import { page } from "./list-runs.ts";
import { isLess, type LookedAt, RunMeasure } from "./measured-runs.ts";
import { runLooker } from "./run-looker.ts";
import { defaultLimits, type ListLimits } from "./run-scan.ts";

export interface BreakDownQuery {
  /** Its `from` and `to` are widened to whole buckets. */
  readonly filter: RunFilter & { readonly from: number; readonly to: number };
  readonly by?: BreakDownBy | undefined;
  /** Path of a number. */
  readonly number?: string | undefined;
  /** How many groups are told apart in the answer. */
  readonly top: number;
  readonly bucketMs?: number | undefined;
  readonly timeZone?: string | undefined;
}

/** So many runs are looked at without a pause: some 20 ms. */
const atOnce = 2_000;
const breakDownLimits: ListLimits = { ...defaultLimits, examined: atOnce };
/** So many groups are gone through without a pause: some 10 ms. */
const groupsAtOnce = 500;
/** So many values are told apart. */
const mostValues = 20_000;
const mostExtremes = 10;

/**
 * Looks at every run that the list of this filter has, page by page, each page of one moment; others of the server's work go on between pages. What it counts is
 * what the list opens, for it is the list.
 *
 * @throws AbortSignal's reason, when nobody waits for it any more
 */
export async function breakDown(
  db: ReadDatabase,
  query: BreakDownQuery,
  signal: AbortSignal,
  limits = breakDownLimits,
): Promise<Omit<BreakDown, "freshness">> {
  const { filter, by, number, top, timeZone = "UTC" } = query;
  const bucketMs = bucketLength({ ...query, from: filter.from, to: filter.to });
  const bounds = bucketBounds(filter.from, filter.to, bucketMs, timeZone);
  const [from = filter.from] = bounds;
  const to = bounds.at(-1) ?? filter.to;
  const asked: RunFilter = { ...filter, from, to };
  const hasNumber = number !== undefined;
  const look = runLooker(db, by, number);
  const total = new RunMeasure(hasNumber);
  const groups = new Groups(hasNumber, by);
  const map = new DurationMap(bounds, hasNumber);
  const slowest = new ExtremeRuns(mostExtremes, "duration");
  const dearest = new ExtremeRuns(mostExtremes, "number");
  let cursor: string | undefined;
  do {
    signal.throwIfAborted();
    const next = db.atOnce(() => {
      const found = page(db, { filter: asked, limit: atOnce, cursor }, limits);
      for (const run of look(found.found.map(({ id }) => id))) {
        total.add(run);
        groups.add(run);
        map.add(run, filter.by === "ended" ? (run.endedAt ?? run.startedAt) : run.startedAt);
        slowest.add(run);
        if (hasNumber) dearest.add(run);
      }
      return found.next;
    });
    cursor = next === undefined ? undefined : encodeCursor(next);
    await setImmediate();
  } while (cursor !== undefined);
  const told = await groups.view(top, signal);
  const beginning = beginningOf(db)?.at;
  return {
    from,
    to,
    bucketMs,
    timeZone,
    total: total.view,
    ...told,
    buckets: map.buckets,
    bands: durationBands,
    slowest: slowest.view,
    ...(hasNumber && { dearest: dearest.view }),
    ...(beginning !== undefined && beginning > from && { beginsAt: beginning }),
  };
}

interface Group {
  readonly value: string | undefined;
  readonly measure: RunMeasure;
}

class Groups {
  readonly #hasNumber: boolean;
  readonly #by: BreakDownBy | undefined;
  readonly #groups = new Map<string | undefined, Group>();
  /** Of values beyond those that are told apart. */
  readonly #rest: RunMeasure;

  constructor(hasNumber: boolean, by: BreakDownBy | undefined) {
    this.#hasNumber = hasNumber;
    this.#by = by;
    this.#rest = new RunMeasure(hasNumber);
  }

  add(run: LookedAt): void {
    if (this.#by === undefined) return;
    // Labels are found whatever their case.
    const key = this.#by.by === "label" && run.value !== undefined ? foldedLabel(run.value) : run.value;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= mostValues) return this.#rest.add(run);
      group = { value: run.value, measure: new RunMeasure(this.#hasNumber) };
      this.#groups.set(key, group);
    }
    group.measure.add(run);
  }

  /** @throws AbortSignal's reason */
  async view(top: number, signal: AbortSignal): Promise<Pick<BreakDown, "groups" | "others" | "isCut">> {
    const by = this.#by;
    if (by === undefined) return { groups: [] };
    const shown: Group[] = [];
    const others = new RunMeasure(this.#hasNumber);
    others.merge(this.#rest);
    let gone = 0;
    for (const group of this.#groups.values()) {
      if (++gone % groupsAtOnce === 0) {
        await setImmediate();
        signal.throwIfAborted();
      }
      const place = shown.findIndex((each) => this.#largerFirst(group, each) < 0);
      shown.splice(place === -1 ? shown.length : place, 0, group);
      if (shown.length <= top) continue;
      const smallest = shown.pop();
      if (smallest !== undefined) others.merge(smallest.measure);
    }
    return {
      groups: shown.map(
        ({ value, measure }): MeasuredGroup => ({
          ...(value !== undefined && { value }),
          filter: filterOf(by, [value]),
          ...measure.view,
        }),
      ),
      ...(others.runs > 0 && {
        others: {
          values: this.#groups.size - shown.length,
          filter: filterOf(
            by,
            shown.map(({ value }) => value),
            true,
          ),
          ...others.view,
        },
      }),
      ...(this.#rest.runs > 0 && { isCut: true }),
    };
  }

  #largerFirst(a: Group, b: Group): number {
    const [one, other] = [a.measure, b.measure];
    if (this.#hasNumber && isLess(one.sum, other.sum)) return 1;
    if (this.#hasNumber && isLess(other.sum, one.sum)) return -1;
    return other.runs - one.runs || ((a.value ?? "") < (b.value ?? "") ? -1 : 1);
  }
}

/** What the runs of these values are found by; or, with `not`, all the others. */
function filterOf(by: BreakDownBy, values: readonly (string | undefined)[], not = false): GroupFilter {
  if (by.by !== "label")
    return { facets: [{ by: by.by, values: values.map((value = "") => value), ...(not && { not }) }] };
  const { key } = by;
  const conditions = values.map((value) =>
    value === undefined
      ? ({ key, test: "exists", not: !not } as const)
      : ({ key, test: "is", value, ...(not && { not }) } as const),
  );
  // None of several is as many clauses; one of them is one.
  return { where: not ? conditions.map((condition) => [condition]) : [conditions] };
}
