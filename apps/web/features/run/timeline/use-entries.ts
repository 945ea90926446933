"use client";

import { useCallback, useMemo, useRef, useState } from "react";
import { countKeys, fewestOfGroup, groupOfRow, groupRows } from "../model/groups.ts";
import { placeRows } from "./order.ts";
import type { ShownRow } from "./still-rows.ts";

/** The lines of the timeline, equal rows grouped. The group of the chosen row is open. */
export function useEntries(rows: readonly ShownRow[], selected: string | undefined) {
  const placed = useMemo(() => placeRows(rows), [rows]);
  const [asked, setAsked] = useState<ReadonlyMap<string, boolean>>(new Map());
  const grown = useGrown(placed);
  const chosen = useMemo(
    () => (selected === undefined ? undefined : groupOfRow(placed, selected)),
    [placed, selected],
  );
  const entries = useMemo(
    () => groupRows(placed, (key) => asked.get(key) ?? (key === chosen || grown.has(key))),
    [placed, asked, chosen, grown],
  );
  const toggle = useCallback(
    (key: string, isOpen: boolean) => setAsked((before) => new Map(before).set(key, !isOpen)),
    [],
  );
  return { entries, toggle };
}

/** Rows that one has seen one by one don't vanish into a group when a live run brings the tenth: that group begins open. */
function useGrown(placed: ReturnType<typeof placeRows>): ReadonlySet<string> {
  const seen = useRef<{ readonly alone: ReadonlySet<string>; readonly grown: ReadonlySet<string> }>({
    alone: new Set(),
    grown: new Set(),
  });
  return useMemo(() => {
    const counts = countKeys(placed);
    const alone = new Set<string>();
    const grown = new Set(seen.current.grown);
    for (const [key, count] of counts)
      if (count < fewestOfGroup) alone.add(key);
      else if (seen.current.alone.has(key)) grown.add(key);
    const isSame = grown.size === seen.current.grown.size;
    seen.current = { alone, grown: isSame ? seen.current.grown : grown };
    return seen.current.grown;
  }, [placed]);
}
