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
  const pushed = useLiveState().counts;
  const withoutStatus = useMemo(() => {
    const { status: _, ...rest } = filter;
    return rest;
  }, [filter]);
  const options = trpc.runs.list.queryOptions(
    { filter: withoutStatus, limit: 1 },
    { enabled: narrowed, placeholderData: (previous) => previous },
  );
  const asked = useQuery(options);
  useRefetchOnChange(options.queryKey, narrowed);
  if (!narrowed) return { counts: pushed ?? head?.countsByStatus, isLowerBound: false };
  const list = asked.data ?? head;
  return { counts: list?.countsByStatus, isLowerBound: list?.countIsLowerBound ?? false };
}
