"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

interface SearchState<Params> {
  readonly parse: (query: URLSearchParams) => Params;
  readonly serialize: (params: Params) => URLSearchParams;
}

/** The time zone, and the saved view that was opened, however it is narrowed since. */
const kept = ["tz", "view"];

/**
 * The address is the state: what it says survives reload, back and being sent to a colleague.
 * Changes replace the address in place, so that "back" leaves the page instead of undoing one keystroke.
 */
export function useSearchState<Params>({ parse, serialize }: SearchState<Params>) {
  const query = useSearchParams();
  const params = useMemo(() => parse(new URLSearchParams(query)), [query, parse]);
  const change = useCallback(
    (patch: Partial<Params>) => {
      const asked = new URLSearchParams(window.location.search);
      const query = serialize({ ...parse(asked), ...patch });
      // Of every page, not of this one's filters.
      for (const name of kept) {
        const value = asked.get(name);
        if (value !== null) query.set(name, value);
      }
      const text = query.toString();
      window.history.replaceState(null, "", text === "" ? window.location.pathname : `?${text}`);
    },
    [parse, serialize],
  );
  return [params, change] as const;
}
