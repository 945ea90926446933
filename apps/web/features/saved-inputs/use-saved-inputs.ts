"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useSavedChange } from "@/live/use-saved-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** Everybody's and one's own, of all workflows, as others save, change and delete them. */
export function useSavedInputs() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.savedInputs.list.queryOptions(undefined, { staleTime: 60_000 }));
  const key = trpc.savedInputs.list.queryKey();
  const refresh = useCallback(() => queryClient.invalidateQueries({ queryKey: key }), [queryClient, key]);
  useSavedChange(() => void refresh());
  return { ...query, refresh };
}
