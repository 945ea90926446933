"use client";

import type { NamesElsewhere } from "@downbeat/api/figure-words";
import { useMemo } from "react";
import { useGoals } from "@/features/goals/use-goals.ts";

/** What goals are called that panels show. */
export function useGoalNames(): NamesElsewhere {
  const { data } = useGoals();
  return useMemo(() => ({ goalName: (id) => data?.goals.find((goal) => goal.id === id)?.goal.name }), [data]);
}
