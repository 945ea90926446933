"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSavedChange } from "@/live/use-saved-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** Of which people have said something, also where nothing falls under them any more. What others say is seen as it happens. */
export function useMarkedCauses() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(
    trpc.attention.marked.queryOptions(undefined, {
      staleTime: 5_000,
      // A mute ends by time alone.
      refetchInterval: 60_000,
    }),
  );
  useSavedChange(() => void queryClient.invalidateQueries({ queryKey: trpc.attention.pathKey() }));
  return query;
}
