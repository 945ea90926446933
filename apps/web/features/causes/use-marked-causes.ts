"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLiveChange, useLiveGap } from "@/live/live-provider.tsx";
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
  const refresh = () => void queryClient.invalidateQueries({ queryKey: trpc.attention.pathKey() });
  const seen = useRef<number>(undefined);
  useLiveChange(({ saved }) => {
    if (seen.current !== undefined && seen.current !== saved) refresh();
    seen.current = saved;
  });
  useLiveGap(refresh);
  return query;
}
