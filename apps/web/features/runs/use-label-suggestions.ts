"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";
import { begunIn, completed } from "./label-clauses.ts";

/** Whole texts that what is typed may become, made of the labels that runs have. */
export function useLabelSuggestions(text: string): readonly string[] {
  const trpc = useTRPC();
  const begun = begunIn(text);
  const { key, beginning = "" } = begun ?? {};
  const query = useQuery({
    ...trpc.runs.suggestLabels.queryOptions(
      { beginning: beginning.slice(0, 200), ...(key !== undefined && { key: key.slice(0, 60) }) },
      { staleTime: 30_000, placeholderData: (previous) => previous },
    ),
    enabled: begun !== undefined,
  });
  // Of another question meanwhile: names of labels are no values.
  return begun === undefined || (query.isPlaceholderData && key !== undefined)
    ? []
    : (query.data?.texts ?? []).map((found) => completed(begun, found));
}
