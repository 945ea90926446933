"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** Names of the workflows that have runs, and of those that a worker has announced. */
export function useWorkflows(): readonly string[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.workflows.list.queryOptions(undefined, { staleTime: 60_000 }));
  const { data: known } = useQuery(trpc.catalogue.workflows.queryOptions(undefined, { staleTime: 10_000 }));
  const names = [...(data?.workflows ?? []), ...(known?.workflows ?? [])].map(({ workflow }) => workflow);
  return [...new Set(names)].sort();
}
