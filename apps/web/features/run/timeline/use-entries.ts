"use client";

import { useCallback, useMemo, useRef, useState } from "react";
import { groupOfRow, groupRows, nothingSeen, seenRows } from "../model/groups.ts";
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

/** The groups that formed while one looked. */
function useGrown(placed: ReturnType<typeof placeRows>): ReadonlySet<string> {
  const seen = useRef(nothingSeen);
  return useMemo(() => {
    seen.current = seenRows(seen.current, placed);
    return seen.current.grown;
  }, [placed]);
}
