"use client";

import type { SavedView } from "@downbeat/api/views";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { useSavedChange } from "@/live/use-saved-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** Everybody's and one's own, as others save, change and delete them. */
export function useSavedViews() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.savedViews.list.queryOptions(undefined, { staleTime: 60_000 }));
  const key = trpc.savedViews.list.queryKey();
  const refresh = useCallback(() => queryClient.invalidateQueries({ queryKey: key }), [queryClient, key]);
  useSavedChange(() => void refresh());
  return { ...query, refresh };
}

/** The address names a view that is not among those of this list. */
export function useIsViewGone(list: SavedView["list"]): boolean {
  const isNamed = useSearchParams().has("view");
  const isKnown = useSavedViews().data !== undefined;
  const open = useOpenView(list);
  return isNamed && isKnown && open === undefined;
}

/** The view that the address names, once it is known; `undefined` where it names none, or one that is gone. */
export function useOpenView(list: SavedView["list"]): SavedView | undefined {
  const id = useSearchParams().get("view");
  const { data } = useSavedViews();
  return id === null ? undefined : data?.views.find((view) => view.id === id && view.list === list);
}
