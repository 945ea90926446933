"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { timersQueryOf } from "@/app/[tenant]/[namespace]/timers/search-params.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { timersOfPages } from "./timers-of-pages.ts";

const pageSize = 100;
/** All pages that are loaded are asked for again: so long for each, that it is a request a second at most. */
const pageMs = 1_000;

type Asked = ReturnType<typeof timersQueryOf>;

/**
 * @param asked what was chosen, as it was at that moment
 * @param askedNow the same as it is now
 */
export function useTimers(asked: Asked, askedNow: () => Asked) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const options = trpc.timers.list.infiniteQueryOptions(
    { ...asked, limit: pageSize },
    { getNextPageParam: (page) => page.cursor, placeholderData: (previous) => previous },
  );
  const query = useInfiniteQuery({
    ...options,
    queryFn: ({ pageParam, signal }) =>
      client.timers.list.query(
        { ...askedNow(), limit: pageSize, ...(typeof pageParam === "string" && { cursor: pageParam }) },
        { signal },
      ),
  });
  const pages = query.data?.pages;
  useRefetchOnChange(options.queryKey, true, pageMs * Math.max(1, pages?.length ?? 1));
  const timers = useMemo(() => timersOfPages(pages ?? []), [pages]);
  const { isFetchingNextPage, fetchNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return { query, timers, head: pages?.[0], onMore };
}
