"use client";

import type { AttentionItem } from "@downbeat/api/views";
import { useRef } from "react";
import { useTrackedActions } from "@/features/actions/actions-provider.tsx";
import { targetKey } from "@/features/actions/target.ts";

/** What was acted on stays where it was until its outcome is dismissed: there one looks for what came of it. */
export function useKeptItems(items: readonly AttentionItem[] | undefined): readonly AttentionItem[] {
  const tracked = useTrackedActions();
  const shown = useRef<readonly AttentionItem[]>([]);
  if (items === undefined) return shown.current;
  const fresh = new Map(items.map((item) => [keyOf(item), item]));
  const kept = shown.current.flatMap(
    (item) => fresh.get(keyOf(item)) ?? (tracked.has(keyOf(item)) ? [item] : []),
  );
  const known = new Set(kept.map(keyOf));
  shown.current = [...kept, ...items.filter((item) => !known.has(keyOf(item)))];
  return shown.current;
}

const keyOf = ({ runId, job }: AttentionItem): string => targetKey({ runId, jobId: job?.jobId });
