"use client";

import type { RunList, ShownStatus } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { isNarrowed, type RunFilter } from "@/lib/run-filter.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";

export interface StatusCounts {
  readonly counts: Readonly<Record<ShownStatus, number>> | undefined;
  /** Counting stopped: there are at least so many. */
  readonly isLowerBound: boolean;
}

/** Runs per status under the filter but for its status: pushed for all runs, asked for when narrowed. */
export function useStatusCounts(
  params: RunsParams,
  filter: RunFilter,
  head: RunList | undefined,
): StatusCounts {
  const trpc = useTRPC();
  const narrowed = isNarrowed(params);
  // Runs are looked into for it one by one: what the list itself has counted is enough.
  const isAsked = narrowed && params.content === undefined;
  const pushed = useLiveState().counts;
  const withoutStatus = useMemo(() => {
    const { status: _, ...rest } = filter;
    return rest;
  }, [filter]);
  const options = trpc.runs.list.queryOptions(
    { filter: withoutStatus, limit: 1 },
    { enabled: isAsked, placeholderData: (previous) => previous },
  );
  const asked = useQuery(options);
  useRefetchOnChange(options.queryKey, isAsked);
  if (!narrowed) return { counts: pushed ?? head?.countsByStatus, isLowerBound: false };
  const list = (isAsked ? asked.data : undefined) ?? head;
  return { counts: list?.countsByStatus, isLowerBound: list?.countIsLowerBound ?? false };
}
