import type { ListQuery, ProjectionFeed, ReadModel, RunPlace } from "@downbeat/read-model";
import { BadCursor, openStatuses, shownStatuses } from "@downbeat/read-model";
import {
  clocksApartMs,
  dayMs,
  decodeCursor,
  earliestOf,
  encodeCursor,
  startOf,
  zeroCounts,
} from "@downbeat/read-model/rules";
import type { AnswerSource, RunFilter, RunList, RunSummary, ShownStatus } from "@downbeat/read-model/views";
import { z } from "zod";
import type { Asked } from "../port/asked.ts";
import type { ColdAnswer } from "../port/cold-answer.ts";
import { ColdError } from "../port/cold-error.ts";
import type { ColdRunList } from "../port/cold-list.ts";
import type { EarlierSource } from "./earlier-source.ts";

export interface EarlierRunsOptions {
  readonly source: EarlierSource;
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
}

export type ListedRuns = Omit<RunList, "freshness"> & {
  /** Where earlier runs come from, when the page has any. */
  readonly origin?: AnswerSource;
};

const firstLookBackMs = dayMs;
const mostPlaces = 5_000;
const mark = "e.";
/** Behind everything in the read model's list. */
const behindAll = encodeCursor({ at: 0, id: 0 });

/** Where a page ended that has earlier runs: in the read model's list of what started before its beginning, and in the list of what ended before it. */
interface Place {
  readonly readModel?: string | undefined;
  readonly earlier?: { readonly at: number; readonly runId: string } | undefined;
}

const shape = z.object({
  readModel: z.string().optional(),
  earlier: z.object({ at: z.number().int(), runId: z.string() }).optional(),
});

/**
 * The list of runs, back to the beginning of the log. Runs that ended before the read model begins are in cold history, all others in the read model, so none
 * is in both. The first pages are the read model's, without a wait, as far as it begins; those that follow are made of both, in the list's order.
 */
export class EarlierRuns {
  readonly #options: EarlierRunsOptions;
  readonly #places = new Map<string, RunPlace>();

  constructor(options: EarlierRunsOptions) {
    this.#options = options;
  }

  /** Where in the log a run is that was on a page. */
  placeOf(runId: string): RunPlace | undefined {
    return this.#places.get(runId);
  }

  /** @throws BadCursor */
  async list(query: ListQuery, asked: Asked): Promise<ListedRuns> {
    const { readModel } = this.#options;
    const beginning = readModel.beginning()?.at;
    const { filter, cursor } = query;
    const isEarlier = cursor?.startsWith(mark) ?? false;
    const closed = closedOf(filter.status);
    if (beginning === undefined || closed.length === 0 || (filter.from ?? 0) >= beginning) {
      if (isEarlier) throw new BadCursor("The cursor is not one of this list.");
      return readModel.listRuns(query);
    }
    const about = { source: this.#options.source.source, before: beginning };
    if ((filter.facets ?? []).length > 0 || filter.took !== undefined || filter.missed !== undefined) {
      if (isEarlier) throw new BadCursor("The cursor is not one of this list.");
      const trouble = "they can’t be looked for by version, error, duration or several workflows.";
      return { ...readModel.listRuns(query), earlier: { ...about, isCounted: false, trouble } };
    }
    if (isEarlier) return this.#both(query, decode(cursor ?? ""), beginning, closed, asked);
    const page = readModel.listRuns(query);
    const recent = page.runs.filter((run) => timeOf(run, filter) >= beginning);
    const reachesBack = recent.length < page.runs.length || page.cursor === undefined;
    // The first page never waits; another that has nothing recent would be empty.
    if (reachesBack && recent.length === 0 && cursor !== undefined)
      return this.#both(query, {}, beginning, closed, asked);
    return {
      ...page,
      runs: recent,
      ...(reachesBack && { cursor: encode({}) }),
      countIsLowerBound: true,
      earlier: { ...about, isCounted: false, ...(reachesBack && { isNext: true }) },
    };
  }

  async #both(
    { filter, limit, cursor }: ListQuery,
    place: Place,
    beginning: number,
    closed: readonly ShownStatus[],
    asked: Asked,
  ): Promise<ListedRuns> {
    const { readModel, source } = this.#options;
    const about = { source: source.source, before: beginning };
    const before = { ...filter, to: Math.min(filter.to ?? beginning, beginning) };
    const counted = readModel.listRuns({ filter, limit: 1 });
    let cold: Looked;
    try {
      cold = await this.#earlier({ ...filter, status: closed }, place.earlier, limit, beginning, asked);
    } catch (error) {
      if (!(error instanceof ColdError) || error.code === "cancelled") throw error;
      const { cursor: _, ...counts } = counted;
      return {
        ...counts,
        runs: [],
        ...(cursor !== undefined && { cursor }),
        countIsLowerBound: true,
        earlier: { ...about, isCounted: false, trouble: error.message },
      };
    }
    const { answer, isAll } = cold;
    const hot = readModel.listRuns({ filter: before, limit, cursor: place.readModel });
    const merged = merge(hot.runs, known(answer.value.runs, hot, filter), filter).slice(0, limit);
    for (const { run, isEarlier } of merged) if (isEarlier) this.#remember(run);
    const next = this.#next(place, merged, { filter, before, hot, cold: answer.value, isAll });
    const { count, countsByStatus, countIsLowerBound } = answer.value;
    const searchedTo = next === undefined || merged.length === limit ? undefined : hot.searchedTo;
    return {
      runs: merged.map(({ run }) => run),
      ...(next !== undefined && { cursor: encode(next) }),
      ...(searchedTo !== undefined && { searchedTo }),
      count: counted.count + count,
      countIsLowerBound: counted.countIsLowerBound || countIsLowerBound || !isAll,
      countsByStatus: sum(counted.countsByStatus, countsByStatus),
      earlier: {
        ...about,
        isCounted: isAll,
        ...(isAll && { countsByStatus: sum(zeroCounts(), countsByStatus) }),
      },
      origin: { source: answer.source, tookMs: Math.round(answer.tookMs), completeTo: answer.completeTo },
    };
  }

  /** Looks back a day, and further when that gives no whole page: most questions are about what was lately. */
  async #earlier(
    filter: RunFilter,
    before: Place["earlier"],
    limit: number,
    asOf: number,
    asked: Asked,
  ): Promise<Looked> {
    const { source, readModel, feed } = this.#options;
    const log = readModel.knownLog(feed.status().partitions);
    const hides = (workflow: string): boolean => readModel.hidesLabels(workflow);
    const beginning = readModel.beginning();
    const earliest = Math.max(filter.from ?? 0, beginning === undefined ? 0 : earliestOf(beginning));
    const latest = Math.min(before?.at ?? asOf, filter.to ?? asOf);
    for (let lookBack = firstLookBackMs; ; lookBack *= 4) {
      const isAll = latest - lookBack <= earliest;
      const from = isAll ? filter.from : latest - lookBack;
      const bounded = { ...filter, ...(from !== undefined && { from }) };
      const answer = await source.listRuns({ filter: bounded, before, limit, asOf, log, hides }, asked);
      if (isAll || answer.value.runs.length >= limit) return { answer, isAll };
    }
  }

  #next(
    place: Place,
    merged: readonly Merged[],
    {
      filter,
      before,
      hot,
      cold,
      isAll,
    }: {
      readonly filter: RunFilter;
      readonly before: RunFilter;
      readonly hot: Omit<RunList, "freshness">;
      readonly cold: ColdRunList;
      readonly isAll: boolean;
    },
  ): Place | undefined {
    const { readModel } = this.#options;
    const takenHot = merged.filter(({ isEarlier }) => !isEarlier).length;
    const takenCold = merged.length - takenHot;
    const hotIsOver = takenHot === hot.runs.length && hot.cursor === undefined;
    const coldIsOver = takenCold === cold.runs.length && !cold.hasMore && isAll;
    if (hotIsOver && coldIsOver) return undefined;
    const last = merged.findLast(({ isEarlier }) => isEarlier)?.run;
    const earlier = last === undefined ? place.earlier : { at: timeOf(last, filter), runId: last.runId };
    if (takenHot === 0 && hot.runs.length > 0) return { ...place, earlier };
    const upTo =
      takenHot === hot.runs.length
        ? hot.cursor
        : readModel.listRuns({ filter: before, limit: takenHot, cursor: place.readModel }).cursor;
    // Where the read model has no more, its list is asked for what is before everything.
    return { readModel: upTo ?? behindAll, earlier };
  }

  #remember({ runId, partition, startedAt, updatedAt, seq }: RunSummary): void {
    this.#places.delete(runId);
    this.#places.set(runId, {
      runId,
      partition,
      from: startedAt - clocksApartMs,
      to: updatedAt + clocksApartMs,
      seq,
    });
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= mostPlaces) return;
      this.#places.delete(oldest);
    }
  }
}

interface Looked {
  readonly answer: ColdAnswer<ColdRunList>;
  /** The whole of the period was looked at. */
  readonly isAll: boolean;
}

interface Merged {
  readonly run: RunSummary;
  readonly isEarlier: boolean;
}

/** A short page of the read model says only what is newer than where it stopped: what is older than that belongs to the next page. */
function known(
  cold: readonly RunSummary[],
  hot: Pick<RunList, "cursor">,
  filter: RunFilter,
): readonly RunSummary[] {
  if (hot.cursor === undefined) return cold;
  const cursor = decodeCursor(hot.cursor);
  const at = filter.by === "ended" ? cursor.at : startOf(cursor.id);
  return cold.filter((run) => timeOf(run, filter) >= at);
}

/** Both are in the list's order. */
function merge(hot: readonly RunSummary[], cold: readonly RunSummary[], filter: RunFilter): Merged[] {
  const merged: Merged[] = [];
  let index = 0;
  for (const run of hot) {
    for (;;) {
      const other = cold[index];
      if (other === undefined || timeOf(other, filter) <= timeOf(run, filter)) break;
      merged.push({ run: other, isEarlier: true });
      index++;
    }
    merged.push({ run, isEarlier: false });
  }
  for (const run of cold.slice(index)) merged.push({ run, isEarlier: true });
  return merged;
}

function timeOf({ startedAt, endedAt }: RunSummary, { by }: RunFilter): number {
  return by === "ended" ? (endedAt ?? 0) : startedAt;
}

function closedOf(status: readonly ShownStatus[] = shownStatuses): ShownStatus[] {
  return status.filter((one) => !openStatuses.includes(one));
}

/** Of earlier runs, those that had ended: the others are in the read model. */
function sum(
  all: Readonly<Record<ShownStatus, number>>,
  earlier: Readonly<Record<ShownStatus, number>>,
): Record<ShownStatus, number> {
  const counts = { ...all };
  for (const status of closedOf()) counts[status] += earlier[status];
  return counts;
}

function encode(place: Place): string {
  return mark + Buffer.from(JSON.stringify(place)).toString("base64url");
}

function decode(cursor: string): Place {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor.slice(mark.length), "base64url").toString("utf8")));
  } catch (cause) {
    throw new BadCursor("The cursor is not one of this list.", { cause });
  }
}
