"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { type OwedParams, owedQueryOf } from "@/app/[tenant]/[namespace]/owed/search-params.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";
import { owedOfPages } from "./owed-of-pages.ts";

const pageSize = 100;
/** All pages that are loaded are asked for again: so long for each, that it is a request a second at most. */
const pageMs = 1_000;

export function useOwed(params: OwedParams) {
  const trpc = useTRPC();
  const asked = useMemo(() => owedQueryOf(params), [params]);
  const options = trpc.owed.list.infiniteQueryOptions(
    { ...asked, limit: pageSize },
    { getNextPageParam: (page) => page.cursor, placeholderData: (previous) => previous },
  );
  const query = useInfiniteQuery(options);
  const pages = query.data?.pages;
  useRefetchOnChange(options.queryKey, true, pageMs * Math.max(1, pages?.length ?? 1));
  const owed = useMemo(() => owedOfPages(pages ?? []), [pages]);
  const { isFetchingNextPage, fetchNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return { query, owed, head: pages?.[0], onMore };
}

export function useOwedTotals({ workflow, amount }: OwedParams) {
  const trpc = useTRPC();
  const options = trpc.owed.totals.queryOptions(
    { ...(workflow !== undefined && { workflow }), ...(amount !== undefined && { amount }) },
    { placeholderData: (previous) => previous },
  );
  const query = useQuery(options);
  useRefetchOnChange(options.queryKey);
  return query;
}
