"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { OverviewParams } from "@/app/[tenant]/[namespace]/search-params.ts";
import { shownZone } from "@/lib/zone.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { overviewQuery } from "./overview-query.ts";

const refetchAtMostMs = 1_500;

export function useOverview({ range, workflow, compare }: OverviewParams) {
  const client = useTRPCClient();
  const timeZone = shownZone();
  const { options, moves } = useMemo(
    () => overviewQuery(client, { range, workflow, compare }, timeZone),
    [client, range, workflow, compare, timeZone],
  );
  const query = useQuery(options);
  useRefetchOnChange(options.queryKey, moves, refetchAtMostMs);
  return query;
}
