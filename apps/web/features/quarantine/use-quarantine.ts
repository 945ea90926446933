"use client";

import type { QuarantineEntries } from "@downbeat/api/views";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

const askAgainMs = 30_000;

/** The newest of what was set aside. Not pushed: that there is nothing is the rule. */
export function useQuarantine() {
  const trpc = useTRPC();
  return useQuery(trpc.quarantine.list.queryOptions({}, { refetchInterval: askAgainMs, staleTime: 5_000 }));
}

/** All of it, page by page. */
export function useQuarantinePages() {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.quarantine.list.infiniteQueryOptions(
      {},
      { getNextPageParam: (page) => page.cursor, refetchInterval: askAgainMs, staleTime: 5_000 },
    ),
  );
  const pages = query.data?.pages ?? [];
  const entries = {
    messages: pages.flatMap(({ messages }) => messages),
    refused: pages.flatMap(({ refused }) => refused),
    leftOut: pages.flatMap(({ leftOut }) => leftOut),
  };
  return { query, head: pages[0], entries };
}

type Counted = Pick<QuarantineEntries, "counts" | "cleared">;

/** How many entries there are. */
export function setAside({ counts: { messages, refused, leftOut } }: Pick<Counted, "counts">): number {
  return messages + refused + leftOut;
}

/** Of these, those about which nobody has done anything. */
export function openEntries(list: Counted): number {
  return setAside(list) - list.cleared;
}

/** Has it asked for again, wherever it is shown. */
export function useQuarantineChanged(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.quarantine.pathKey() });
}
