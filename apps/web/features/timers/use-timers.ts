"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { timersQueryOf } from "@/app/[tenant]/[namespace]/timers/search-params.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";

const pageSize = 100;

export function useTimers(asked: ReturnType<typeof timersQueryOf>) {
  const trpc = useTRPC();
  const options = trpc.timers.list.infiniteQueryOptions(
    { ...asked, limit: pageSize },
    { getNextPageParam: (page) => page.cursor, placeholderData: (previous) => previous },
  );
  const query = useInfiniteQuery(options);
  useRefetchOnChange(options.queryKey);
  const timers = useMemo(() => query.data?.pages.flatMap((page) => page.timers) ?? [], [query.data]);
  const { isFetchingNextPage, fetchNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return { query, timers, head: query.data?.pages[0], onMore };
}
