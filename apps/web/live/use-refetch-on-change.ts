"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLiveChange } from "./live-provider.tsx";
import { mayConcern } from "./may-concern.ts";

/**
 * Asks again after a live change, at most every `atMostMs`: for figures that a push does not carry.
 *
 * @param runId when they are of this run alone
 */
export function useRefetchOnChange(
  queryKey: QueryKey,
  enabled = true,
  atMostMs = 1_000,
  runId?: string,
): void {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveChange((change) => {
    if (!enabled || !mayConcern(change, runId) || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      queryClient.invalidateQueries({ queryKey, exact: true }, { cancelRefetch: false });
    }, atMostMs);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
