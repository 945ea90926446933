"use client";

import type { BulkOutcome } from "@downbeat/api/views";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { useLiveChange } from "@/live/live-provider.tsx";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";
import { isOver } from "./bulk-words.ts";
import { KeepUp } from "./keep-up.ts";

/** Pushes tell when to look; this is for one that never comes. */
const fallbackMs = 2_000;

export function useBulk(bulkId: string) {
  const trpc = useTRPC();
  const options = trpc.bulk.get.queryOptions({ bulkId });
  const query = useQuery({
    ...options,
    // What was not found is not asked for again and again.
    refetchInterval: ({ state: { data, status } }) =>
      (data === undefined ? status === "error" : isOver(data)) ? false : fallbackMs,
  });
  useRefetchOnChange(options.queryKey, query.data !== undefined && !isOver(query.data), 300);
  // It may have been started a moment ago, and not be in the read model yet.
  useLiveChange(({ runs }) => {
    if (query.isError && query.data === undefined && runs.some(({ runId }) => runId === bulkId))
      void query.refetch();
  });
  return query;
}

/** @param version changes when there is news of them */
export function useBulkTargets(bulkId: string, outcome: BulkOutcome | undefined, version: string) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.bulk.targets.infiniteQueryOptions(
      { bulkId, ...(outcome !== undefined && { outcome }) },
      { getNextPageParam: (page) => page.next, placeholderData: (before) => before, staleTime: 0 },
    ),
  );
  const { isFetching, isFetchingNextPage } = query;
  const [keepUp] = useState(() => new KeepUp());
  const askAgain = useEffectEvent(() => {
    if (keepUp.isBehind({ version, isFetching, isFetchingNextPage })) void query.refetch();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what says that there is news
  useEffect(() => askAgain(), [version, outcome, isFetching, isFetchingNextPage]);
  return query;
}
