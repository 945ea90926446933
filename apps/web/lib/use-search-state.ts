"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type AddressOf, changedQuery } from "./changed-query.ts";

/**
 * The address is the state: what it says survives reload, back and being sent to a colleague.
 * Changes replace the address in place, so that "back" leaves the page instead of undoing one keystroke.
 */
export function useSearchState<Params>(page: AddressOf<Params>) {
  const query = useSearchParams();
  const params = useMemo(() => page.parse(new URLSearchParams(query)), [query, page]);
  const change = useCallback(
    (patch: Partial<Params>) => {
      const text = changedQuery(new URLSearchParams(window.location.search), patch, page).toString();
      window.history.replaceState(null, "", text === "" ? window.location.pathname : `?${text}`);
    },
    [page],
  );
  return [params, change] as const;
}
