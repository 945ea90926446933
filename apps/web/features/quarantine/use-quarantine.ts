"use client";

import type { QuarantineList } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

const askAgainMs = 30_000;

/** The newest of what was set aside. Not pushed: that there is nothing is the rule. */
export function useQuarantine() {
  const trpc = useTRPC();
  return useQuery(trpc.quarantine.list.queryOptions({}, { refetchInterval: askAgainMs, staleTime: 5_000 }));
}

/** How many entries there are. */
export function setAside({ messages, refused, leftOut }: QuarantineList): number {
  return messages.length + refused.length + leftOut.length;
}
