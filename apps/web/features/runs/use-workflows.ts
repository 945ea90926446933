"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** Names of the workflows that have runs or are known to a connected engine. */
export function useWorkflows(): readonly string[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.workflows.list.queryOptions(undefined, { staleTime: 60_000 }));
  return data?.workflows.map(({ workflow }) => workflow) ?? [];
}
