"use client";

import type { LiveChange, RunList, RunSummary } from "@downbeat/api/views";
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { newerRun, replaceRuns } from "@/lib/merge-runs.ts";
import { matchesFilter, type RunFilter } from "@/lib/run-filter.ts";
import { useLiveChange, useLiveGap } from "@/live/live-provider.tsx";
import { useTRPC } from "@/trpc/react.ts";

const pageSize = 100;
/** Beyond this the number of new runs says nothing more; counting on would only keep ids. */
const mostNew = 999;

export type Pages = InfiniteData<RunList, string | null>;

/**
 * A list of runs that stays up to date without moving: what changed is replaced in its place, what is new is counted until the
 * person asks for it.
 */
export function useRunList(filter: RunFilter) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.runs.list.infiniteQueryOptions(
    { filter, limit: pageSize },
    {
      getNextPageParam: (page) => page.cursor,
      meta: { keepsOrder: true },
      placeholderData: (previous) => previous,
    },
  );
  const query = useInfiniteQuery(options);
  const { queryKey } = options;
  const newRuns = useNewRuns(queryKey.join() + JSON.stringify(filter));

  function take(changes: ReadonlyMap<string, RunSummary>, more: boolean): void {
    const data = queryClient.getQueryData<Pages>(queryKey);
    if (data === undefined) return;
    const pages = data.pages.map((page) => {
      const runs = replaceRuns(page.runs, changes);
      return runs === page.runs ? page : { ...page, runs };
    });
    if (pages.some((page, index) => page !== data.pages[index]))
      queryClient.setQueryData<Pages>(queryKey, { ...data, pages });
    newRuns.add(newcomers(pages, changes, filter), more);
  }

  useLiveChange((change: LiveChange) => take(newestById(change.runs), change.more));

  // What changed during a gap in the live connection comes from the list's own head.
  useLiveGap(async () => {
    const loaded = queryClient.getQueryData<Pages>(queryKey)?.pages.length ?? 1;
    const limit = Math.min(500, loaded * pageSize);
    const head = await queryClient.fetchQuery(
      trpc.runs.list.queryOptions({ filter, limit }, { staleTime: 0 }),
    );
    if (queryClient.getQueryData<Pages>(queryKey) === undefined) query.refetch();
    else take(newestById(head.runs), false);
  });

  async function showNew(): Promise<void> {
    const head = await queryClient.fetchQuery(
      trpc.runs.list.queryOptions({ filter, limit: pageSize }, { staleTime: 0 }),
    );
    queryClient.setQueryData<Pages>(queryKey, { pages: [head], pageParams: [null] });
    newRuns.clear();
  }

  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.runs) ?? [], [query.data]);
  return { query, runs, head: query.data?.pages[0], newCount: newRuns.count, moreNew: newRuns.more, showNew };
}

function newestById(runs: readonly RunSummary[]): Map<string, RunSummary> {
  const byId = new Map<string, RunSummary>();
  for (const run of runs) {
    const known = byId.get(run.runId);
    byId.set(run.runId, known === undefined ? run : newerRun(known, run));
  }
  return byId;
}

/** Changed runs that would stand in the loaded part of the list, were it asked for again. */
function newcomers(
  pages: readonly RunList[],
  changes: ReadonlyMap<string, RunSummary>,
  filter: RunFilter,
): readonly string[] {
  const last = pages.at(-1);
  const placeOf = (run: RunSummary) => (filter.by === "ended" ? (run.endedAt ?? Number.NaN) : run.startedAt);
  const lastRun = last?.cursor === undefined ? undefined : last.runs.at(-1);
  const oldest = last?.searchedTo ?? (lastRun === undefined ? undefined : placeOf(lastRun));
  const loaded = new Set(pages.flatMap((page) => page.runs.map((run) => run.runId)));
  const ids: string[] = [];
  for (const [runId, run] of changes) {
    if (loaded.has(runId) || !matchesFilter(run, filter)) continue;
    if (oldest === undefined || placeOf(run) >= oldest) ids.push(runId);
  }
  return ids;
}

function useNewRuns(listId: string) {
  const ids = useRef(new Set<string>());
  const [shown, setShown] = useState({ count: 0, more: false });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other new runs
  useEffect(() => {
    ids.current.clear();
    setShown({ count: 0, more: false });
  }, [listId]);

  return {
    ...shown,
    add(runIds: readonly string[], more: boolean): void {
      for (const id of runIds) if (ids.current.size < mostNew) ids.current.add(id);
      const isMore = shown.more || (more && runIds.length > 0) || ids.current.size >= mostNew;
      if (ids.current.size !== shown.count || isMore !== shown.more)
        setShown({ count: ids.current.size, more: isMore });
    },
    clear(): void {
      ids.current.clear();
      setShown({ count: 0, more: false });
    },
  };
}
