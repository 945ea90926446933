"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSavedChange } from "@/live/use-saved-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** As others save, change and delete them. */
export function useBoards() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.boards.list.queryOptions(undefined, { staleTime: 60_000 }));
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.boards.list.queryKey() });
  useSavedChange(() => void refresh());
  return { ...query, refresh };
}
