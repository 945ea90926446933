"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { useLiveChange, useLiveGap } from "@/live/live-provider.tsx";
import { useTRPC } from "@/trpc/react.ts";
import type { SqlQuery } from "./use-sql-query.ts";

const againMs = 10_000;
const forThisPage = { staleTime: Number.POSITIVE_INFINITY };

export function useQuerySources() {
  return useQuery(useTRPC().analytics.sources.queryOptions(undefined, forThisPage));
}

export function useQuerySchema(source: SqlQuery["source"] | undefined) {
  const trpc = useTRPC();
  return useQuery({
    ...trpc.analytics.schema.queryOptions({ source: source ?? "readModel" }, forThisPage),
    enabled: source !== undefined,
    // It comes back by itself when the source does.
    refetchInterval: ({ state }) => (state.status === "error" ? againMs : false),
  });
}

export function useSavedQueries() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.savedQueries.list.queryOptions(undefined, { staleTime: 5_000 }));
  const key = trpc.savedQueries.list.queryKey();
  const refresh = useCallback(() => queryClient.invalidateQueries({ queryKey: key }), [queryClient, key]);
  const seen = useRef<number>(undefined);
  // What others save, change and delete is seen as it happens.
  useLiveChange(({ saved }) => {
    if (seen.current !== undefined && seen.current !== saved) void refresh();
    seen.current = saved;
  });
  useLiveGap(() => void refresh());
  return { ...query, refresh };
}
