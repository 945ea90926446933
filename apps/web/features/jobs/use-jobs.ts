"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import {
  isOfPeriod,
  type JobsParams,
  openQueryOf,
  outcomesQueryOf,
} from "@/app/[tenant]/[namespace]/jobs/search-params.ts";
import { serverNow } from "@/lib/clock.ts";
import { movesAt } from "@/lib/time-range.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";
import { type JobLine, lineOfOpen, lineOfOutcome } from "./job-line.ts";

const pageSize = 100;
/** All pages that are loaded are asked for again: so long for each, that it is a request a second at most. */
const pageMs = 1_000;

/** Open jobs, or what became of jobs in a period, as lines of one table. */
export function useJobs(params: JobsParams) {
  const trpc = useTRPC();
  const ofPeriod = isOfPeriod(params);
  // As it was when it was asked for: a page goes on where the one before it ended.
  const { asked, moves } = useMemo(() => {
    const now = serverNow();
    return { asked: outcomesQueryOf(params, now), moves: movesAt(params.range, now) };
  }, [params]);
  const openOptions = trpc.jobs.list.infiniteQueryOptions(
    { ...openQueryOf(params), limit: pageSize },
    { getNextPageParam: (page) => page.cursor, enabled: !ofPeriod },
  );
  const outcomeOptions = trpc.jobs.outcomes.infiniteQueryOptions(
    { ...asked, limit: pageSize },
    { getNextPageParam: (page) => page.cursor, enabled: ofPeriod },
  );
  const open = useInfiniteQuery(openOptions);
  const outcomes = useInfiniteQuery(outcomeOptions);
  const ms = (pages: readonly unknown[] | undefined) => pageMs * Math.max(1, pages?.length ?? 1);
  useRefetchOnChange(openOptions.queryKey, !ofPeriod, ms(open.data?.pages));
  useRefetchOnChange(outcomeOptions.queryKey, ofPeriod && moves, ms(outcomes.data?.pages));
  const lines = useMemo<readonly JobLine[]>(
    () =>
      ofPeriod
        ? (outcomes.data?.pages ?? []).flatMap((page) => page.outcomes.map(lineOfOutcome))
        : (open.data?.pages ?? []).flatMap((page) => page.jobs.map(lineOfOpen)),
    [ofPeriod, open.data, outcomes.data],
  );
  const query = ofPeriod ? outcomes : open;
  const head = query.data?.pages[0];
  const wholeFrom = ofPeriod ? outcomes.data?.pages[0]?.wholeFrom : undefined;
  const { isFetchingNextPage, fetchNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return { query, lines, head, wholeFrom, onMore };
}
