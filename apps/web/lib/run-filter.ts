import type { DurationRange, RunFacet, RunSummary, ShownStatus } from "@downbeat/api/views";
import { fitsLabels, type LabelClause } from "@downbeat/domain";
import type { RunsParams, TimeField } from "../app/[tenant]/[namespace]/runs/search-params.ts";
import { resolveRange } from "./time-range.ts";

/** What `runs.list` is asked for. */
export interface RunFilter {
  status?: ShownStatus[];
  workflow?: string;
  where?: LabelClause[];
  text?: string;
  content?: string;
  from?: number;
  to?: number;
  by?: TimeField;
  facets?: RunFacet[];
  took?: DurationRange;
  missed?: number;
}

/** @param now a minute's start, so that a moving range asks a new question once a minute, not with every render */
export function runFilterOf(params: RunsParams, now: number): RunFilter {
  const { from, to } = resolveRange(params.range, now);
  return {
    ...(params.status.length > 0 ? { status: [...params.status] } : {}),
    ...(params.workflow === undefined ? {} : { workflow: params.workflow }),
    ...(params.labels.length > 0 ? { where: [...params.labels] } : {}),
    ...(params.text === undefined ? {} : { text: params.text }),
    ...(params.content === undefined ? {} : { content: params.content }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(params.by === "ended" ? { by: params.by } : {}),
    ...(params.facets === undefined ? {} : { facets: [...params.facets] }),
    ...(params.took === undefined ? {} : { took: params.took }),
    ...(params.missed === undefined ? {} : { missed: params.missed }),
  };
}

export function isFiltered(params: RunsParams): boolean {
  return params.status.length > 0 || isNarrowed(params);
}

/** Filtered by anything but the status: then the counts over all runs are not the counts of this list. */
export function isNarrowed(params: RunsParams): boolean {
  return (
    params.workflow !== undefined ||
    params.text !== undefined ||
    params.content !== undefined ||
    params.labels.length > 0 ||
    params.facets !== undefined ||
    params.took !== undefined ||
    params.missed !== undefined ||
    params.range.type !== "all"
  );
}

/**
 * Whether a run that just changed belongs into a list. Text is searched in more than a summary shows, so with a text filter the
 * answer is a guess on the id and labels; the list itself always comes from the server.
 */
export function matchesFilter(run: RunSummary, filter: RunFilter): boolean {
  if (filter.status !== undefined && !filter.status.includes(run.shown)) return false;
  if (filter.workflow !== undefined && run.workflow !== filter.workflow) return false;
  const at = filter.by === "ended" ? run.endedAt : run.startedAt;
  if (at === undefined && (filter.from !== undefined || filter.to !== undefined)) return false;
  if (filter.from !== undefined && at !== undefined && at < filter.from) return false;
  if (filter.to !== undefined && at !== undefined && at >= filter.to) return false;
  if (!fitsLabels(run.labels, filter.where ?? [])) return false;
  // Only the server knows these.
  if (filter.facets !== undefined || filter.took !== undefined || filter.missed !== undefined) return false;
  // Only the server looks into what a run says.
  if (filter.content !== undefined) return false;
  if (filter.text !== undefined) {
    const text = filter.text.toLowerCase();
    const haystack = [run.runId, run.workflow, run.why ?? "", ...Object.values(run.labels)];
    if (!haystack.some((part) => part.toLowerCase().includes(text))) return false;
  }
  return true;
}
