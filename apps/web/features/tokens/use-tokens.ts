"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** When each was last used goes on by itself, and others make and withdraw them too. */
const askAgainMs = 10_000;

export function useTokens() {
  const trpc = useTRPC();
  return useQuery(trpc.tokens.list.queryOptions(undefined, { refetchInterval: askAgainMs }));
}

/** Has the list asked for again, once somebody has changed it. */
export function useTokensChanged(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.tokens.pathKey() });
}
