"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** Names of the workflows that have runs, and of those that a worker has announced; `undefined` until both were answered, or one couldn't be. */
export function useWorkflows(): readonly string[] | undefined {
  const trpc = useTRPC();
  const ran = useQuery(trpc.workflows.list.queryOptions(undefined, { staleTime: 60_000 }));
  const announced = useQuery(trpc.catalogue.workflows.queryOptions(undefined, { staleTime: 10_000 }));
  if ([ran, announced].some(({ isPending, failureCount }) => isPending && failureCount === 0))
    return undefined;
  const names = [...(ran.data?.workflows ?? []), ...(announced.data?.workflows ?? [])].map(
    ({ workflow }) => workflow,
  );
  return [...new Set(names)].sort();
}
