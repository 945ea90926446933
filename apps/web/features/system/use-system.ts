"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** What is here changes without any run changing: an engine that goes tells nobody. */
const askAgainMs = 3_000;

export function useSystem() {
  const trpc = useTRPC();
  return useQuery(trpc.system.get.queryOptions(undefined, { refetchInterval: askAgainMs, staleTime: 1_000 }));
}
