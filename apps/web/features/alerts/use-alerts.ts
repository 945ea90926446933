"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

const askAgainMs = 10_000;
/** For whoever is on another page. */
const askNowAndThenMs = 30_000;

/** Rules and channels. Not pushed: that nothing is wrong is the rule. */
export function useAlerts() {
  const trpc = useTRPC();
  return useQuery(trpc.alerts.list.queryOptions(undefined, { refetchInterval: askAgainMs }));
}

/** How many rules have found something that goes on. */
export function useWrongAlerts(): number {
  const trpc = useTRPC();
  const options = trpc.alerts.list.queryOptions(undefined, {
    refetchInterval: askNowAndThenMs,
    staleTime: 5_000,
  });
  const { data } = useQuery(options);
  return data?.rules.filter(({ incident }) => incident !== undefined).length ?? 0;
}

export function useIncidents() {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.alerts.incidents.infiniteQueryOptions(
      {},
      { getNextPageParam: (page) => page.cursor, refetchInterval: askAgainMs },
    ),
  );
}

/** Has all of it asked for again, once somebody has changed something. */
export function useAlertsChanged(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.alerts.pathKey() });
}
