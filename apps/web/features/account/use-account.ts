"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** Sessions begin, end and are seen elsewhere. */
const askAgainMs = 15_000;

export function useAccount() {
  const trpc = useTRPC();
  return useQuery(trpc.account.get.queryOptions(undefined, { refetchInterval: askAgainMs }));
}

/** Has it asked for again, once somebody has changed it. */
export function useAccountChanged(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.account.pathKey() });
}
