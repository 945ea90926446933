"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLiveChange } from "./live-provider.tsx";

/** Asks again after a live change, at most every `atMostMs`: for figures that a push does not carry. */
export function useRefetchOnChange(queryKey: QueryKey, enabled = true, atMostMs = 1_000): void {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveChange((change) => {
    if (!enabled || (change.runs.length === 0 && !change.more) || timer.current !== undefined) return;
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
