"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useSavedChange } from "@/live/use-saved-change.ts";
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
  useSavedChange(() => void refresh());
  return { ...query, refresh };
}
