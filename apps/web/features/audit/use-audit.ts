"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { type AuditParams, auditQueryOf } from "@/app/[tenant]/[namespace]/audit/search-params.ts";
import { useTRPC } from "@/trpc/react.ts";

const pageSize = 100;
/** All pages that are loaded are asked for again: so long for each. */
const pageMs = 5_000;
const minuteMs = 60_000;

export function useAudit(params: AuditParams) {
  const trpc = useTRPC();
  // A period that moves does so by the minute: each other one is another list.
  const minute = Math.floor(Date.now() / minuteMs) * minuteMs;
  const asked = useMemo(() => auditQueryOf(params, minute), [params, minute]);
  const query = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { ...asked, limit: pageSize },
      {
        getNextPageParam: (page) => page.cursor,
        placeholderData: (previous) => previous,
        refetchInterval: ({ state }) => pageMs * Math.max(1, state.data?.pages.length ?? 1),
      },
    ),
  );
  const pages = query.data?.pages;
  const entries = useMemo(() => {
    const all = (pages ?? []).flatMap((page) => page.entries);
    // What came while pages were asked for has moved others on.
    return [...new Map(all.map((entry) => [entry.id, entry])).values()];
  }, [pages]);
  const { isFetchingNextPage, hasNextPage, isError, fetchNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  // A page looks through so many: where little matches it may be short, or empty.
  const isShort = entries.length < pageSize && hasNextPage && !isError;
  useEffect(() => {
    if (isShort) onMore();
  }, [isShort, onMore]);
  return { query, entries, head: pages?.[0], onMore };
}
