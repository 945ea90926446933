"use client";

import type { AttentionItem } from "@downbeat/api/views";
import { useRef } from "react";
import { useTrackedActions } from "@/features/actions/actions-provider.tsx";
import { targetKey } from "@/features/actions/target.ts";

export const keyOf = ({ runId, job }: AttentionItem): string => targetKey({ runId, jobId: job?.jobId });

/**
 * What was acted on stays where it was until its outcome is dismissed: there one looks for what came of it. New items come last, so
 * that nothing moves under the pointer.
 */
export function useKeptItems(
  items: readonly AttentionItem[] | undefined,
  list: string,
): readonly AttentionItem[] {
  const actions = useTrackedActions();
  const shown = useRef<{ list: string; items: readonly AttentionItem[] }>({ list, items: [] });
  if (shown.current.list !== list) shown.current = { list, items: [] };
  if (items === undefined) return shown.current.items;
  const fresh = new Map(items.map((item) => [keyOf(item), item]));
  const kept = shown.current.items.flatMap(
    (item) => fresh.get(keyOf(item)) ?? (actions.has(keyOf(item)) ? [item] : []),
  );
  const known = new Set(kept.map(keyOf));
  shown.current = { list, items: [...kept, ...items.filter((item) => !known.has(keyOf(item)))] };
  return shown.current.items;
}
