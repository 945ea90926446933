"use client";

import type { GoalView } from "@downbeat/api/views";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { refetchAfter } from "@/features/figures/break-down-query.ts";
import { useSavedChange } from "@/live/use-saved-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** As others save, change and delete them. */
export function useGoals() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.goals.list.queryOptions(undefined, { staleTime: 60_000 }));
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.goals.list.queryKey() });
  useSavedChange(() => void refresh());
  return { ...query, refresh };
}

export type Aim = Omit<GoalView["goal"], "name">;

export function aimOf({ name: _, ...aim }: GoalView["goal"]): Aim {
  return aim;
}

/** How a goal stands, saved or not. Each look counts every run of its window. */
export function useGoalFigures(aim: Aim | undefined) {
  const trpc = useTRPC();
  const options = trpc.goals.figures.queryOptions({ goal: aim ?? { percent: 95, days: 1 } });
  return useQuery({
    ...options,
    enabled: aim !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    refetchInterval: ({ state }) => refetchAfter(state.data?.freshness.sources?.[0]?.tookMs),
  });
}
