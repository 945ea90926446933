"use client";

import type { BulkOutcome } from "@downbeat/api/views";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";
import { isOver } from "./bulk-words.ts";

/** Pushes tell when to look; this is for one that never comes. */
const fallbackMs = 2_000;
/** It may have been started a moment ago, and not be in the read model yet. */
const triesToFind = 5;

export function useBulk(bulkId: string) {
  const trpc = useTRPC();
  const options = trpc.bulk.get.queryOptions({ bulkId });
  const query = useQuery({
    ...options,
    retry: triesToFind,
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : fallbackMs),
  });
  useRefetchOnChange(options.queryKey, query.data === undefined || !isOver(query.data), 300);
  return query;
}

/** @param version changes when there is news of them */
export function useBulkTargets(bulkId: string, outcome: BulkOutcome | undefined, version: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.bulk.targets.infiniteQueryOptions(
    { bulkId, ...(outcome !== undefined && { outcome }) },
    { getNextPageParam: (page) => page.next, placeholderData: (before) => before },
  );
  const query = useInfiniteQuery(options);
  const askAgain = useEffectEvent(() => {
    void queryClient.invalidateQueries({ queryKey: options.queryKey, exact: true }, { cancelRefetch: false });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what says that there is news
  useEffect(() => askAgain(), [version]);
  return query;
}
