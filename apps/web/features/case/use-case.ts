"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { CaseLanguage, CaseParams } from "@/app/[tenant]/[namespace]/case/search-params.ts";
import { shownZone } from "@/lib/zone.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";

const searchAgainMs = 10_000;

/** What is called so; nothing of what was looked for before, which would be read as this one's case. */
export function useCaseSearch(text: string | undefined) {
  const trpc = useTRPC();
  const options = trpc.cases.find.queryOptions({ text: text ?? "" }, { enabled: text !== undefined });
  const query = useQuery(options);
  // What is called so may have only just begun.
  const isSought = text !== undefined && query.data?.isExact !== true;
  useRefetchOnChange(options.queryKey, isSought, searchAgainMs);
  return query;
}

export function useCase(runId: string, language: CaseLanguage, audience: CaseParams["audience"]) {
  const trpc = useTRPC();
  const options = trpc.cases.get.queryOptions(
    { runId, language, audience, timeZone: shownZone() },
    { placeholderData: (previous) => (previous?.runId === runId ? previous : undefined) },
  );
  const query = useQuery(options);
  const mayChange = query.data === undefined || isGoingOn(query.data.shown);
  useRefetchOnChange(options.queryKey, mayChange, 1_000, runId);
  return query;
}

const isGoingOn = (shown: string): boolean =>
  !["completed", "failed", "cancelled", "terminated"].includes(shown);

const never = () => () => {};

/** As the browser is set. */
export function useOwnLanguage(): CaseLanguage {
  return useSyncExternalStore(never, ownLanguage, () => "en");
}

function ownLanguage(): CaseLanguage {
  const [first] = navigator.languages
    .map((language) => language.toLowerCase().split("-")[0])
    .filter((language) => language === "en" || language === "de");
  return first === "de" ? "de" : "en";
}
