"use client";

import type { SavedView } from "@downbeat/api/views";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { formatNamespace } from "@/lib/namespace.ts";
import { useNamespaces } from "@/shell/namespace-provider.tsx";
import { type ChosenColumn, ownColumns, readColumns } from "./run-columns.ts";

const listeners = new Set<() => void>();
/** Of browsers that keep nothing: for as long as the page is open. */
const unkept = new Map<string, string>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function keptIn(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? unkept.get(key) ?? null;
  } catch {
    return unkept.get(key) ?? null;
  }
}

function keep(key: string, columns: readonly ChosenColumn[] | undefined): void {
  try {
    if (columns === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(columns));
    unkept.delete(key);
  } catch {
    // A browser may refuse to keep anything.
    if (columns === undefined) unkept.delete(key);
    else unkept.set(key, JSON.stringify(columns));
  }
  for (const listener of listeners) listener();
}

function parsed(text: string | null): readonly ChosenColumn[] | undefined {
  if (text === null) return undefined;
  try {
    return readColumns(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export interface RunColumns {
  /** In their order. */
  readonly columns: readonly ChosenColumn[];
  /** Chosen or sized, where the list is not as it is by itself. */
  readonly own: readonly ChosenColumn[] | undefined;
  /** `undefined`: as the list, or the open view, has them. */
  readonly change: (columns: readonly ChosenColumn[] | undefined) => void;
}

/** As they were changed in this browser last; else as the open view has them. */
export function useRunColumns(view: SavedView | undefined): RunColumns {
  const { current } = useNamespaces();
  const key = `run-columns/${formatNamespace(current)}${view === undefined ? "" : `/${view.id}`}`;
  const text = useSyncExternalStore(
    subscribe,
    () => keptIn(key),
    () => null,
  );
  const own = useMemo(() => parsed(text) ?? readColumns(view?.columns), [text, view?.columns]);
  const change = useCallback((columns: readonly ChosenColumn[] | undefined) => keep(key, columns), [key]);
  return { columns: own ?? ownColumns, own, change };
}
