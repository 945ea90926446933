"use client";

import type { RunView } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { serverNow } from "@/lib/clock.ts";
import { useTRPC } from "@/trpc/react.ts";

const hourMs = 3_600_000;

/** How long such runs and their jobs take, of the week in which this one ran. */
export function useUsual({ workflow, endedAt }: Pick<RunView, "workflow" | "endedAt">) {
  const trpc = useTRPC();
  // Of the same hour it is the same question.
  const until = Math.floor((endedAt ?? serverNow()) / hourMs) * hourMs;
  const { data } = useQuery(
    trpc.runs.usual.queryOptions(
      { workflow, until: Math.max(0, until) },
      { enabled: workflow !== "", staleTime: hourMs },
    ),
  );
  return data;
}
