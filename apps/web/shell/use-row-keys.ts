"use client";

import { useDrawnFocus } from "@/lib/use-drawn-focus.ts";
import { useCommands } from "./commands-provider.tsx";

/** `j` and `k` walk the rows of the page's list by moving the focus, so that Enter and Tab go on from there. */
export function useRowKeys(what: string, count: number, scrollTo: (index: number) => void): void {
  const focus = useDrawnFocus("data-row");
  function move(by: number): void {
    if (count === 0) return;
    const next = Math.min(count - 1, Math.max(0, (focus.current() ?? -1) + by));
    scrollTo(next);
    focus.to(next);
  }
  const common = { group: "This page", keyOnly: true } as const;
  useCommands([
    { id: "row-next", label: `Next ${what}`, keys: "j", run: () => move(1), ...common },
    { id: "row-previous", label: `Previous ${what}`, keys: "k", run: () => move(-1), ...common },
  ]);
}
