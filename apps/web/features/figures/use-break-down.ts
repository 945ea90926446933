"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import { serverNow } from "@/lib/clock.ts";
import { bucketFor, resolveRange } from "@/lib/time-range.ts";
import { shownZone } from "@/lib/zone.ts";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";

/** Each answer looks at every run of the period. */
const refetchMs = 30_000;
const dayMs = 86_400_000;
/** Narrower than for plain charts: a map of durations has cells. */
const mostBuckets = 48;

export function useBreakDown({ range, workflow, of, by, number }: FiguresParams) {
  const client = useTRPCClient();
  const timeZone = shownZone();
  const queryKey = useMemo(
    () => ["figures", range, workflow, of, by, number, timeZone],
    [range, workflow, of, by, number, timeZone],
  );
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const now = serverNow();
      const { from = now - dayMs, to: until = now } = resolveRange(range, now);
      const to = Math.max(until, from + 60_000);
      return client.figures.breakDown.query(
        {
          filter: { from, to, by: of, ...(workflow !== undefined && { workflow }) },
          bucketMs: bucketFor(to - from, mostBuckets),
          timeZone,
          ...(by !== undefined && { by }),
          ...(number !== undefined && { number }),
        },
        { signal },
      );
    },
    placeholderData: keepPreviousData,
    refetchInterval: range.type === "last" ? refetchMs : false,
  });
}

/** What can be chosen. */
export function useKnownNumbers(workflow: string | undefined) {
  const trpc = useTRPC();
  return useQuery(trpc.figures.known.queryOptions({ ...(workflow !== undefined && { workflow }) }));
}
