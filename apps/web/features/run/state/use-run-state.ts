"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** The run as it was after an event: never another one, so it is asked for once. */
export function useRunState(runId: string, seq: number | undefined) {
  const trpc = useTRPC();
  return useQuery(
    trpc.runs.stateAt.queryOptions(
      { runId, seq: seq ?? 1 },
      {
        enabled: seq !== undefined,
        staleTime: Number.POSITIVE_INFINITY,
        placeholderData: keepPreviousData,
        meta: { keepsOrder: true },
      },
    ),
  );
}
