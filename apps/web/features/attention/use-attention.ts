"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLiveChange } from "@/live/live-provider.tsx";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** Of one cause, the oldest so many: more than a person works through before looking again. */
export const mostItems = 200;

/** The causes, and the items of the chosen one; of the greatest while none is chosen. */
export function useAttention(chosen: string | undefined) {
  const trpc = useTRPC();
  const causesOptions = trpc.attention.list.queryOptions({ limit: 1 });
  const causes = useQuery(causesOptions);
  const groups = causes.data?.groups;
  const greatest = groups?.[0]?.fingerprint;
  // Shown until another one is chosen: causes change their order while one is at work.
  const [shown, setShown] = useState<string>();
  useEffect(() => setShown((current) => chosen ?? current ?? greatest), [chosen, greatest]);
  const fingerprint = chosen ?? shown;
  const itemsOptions = trpc.attention.list.queryOptions(
    { limit: mostItems, ...(fingerprint === undefined ? {} : { fingerprint }) },
    { enabled: fingerprint !== undefined, placeholderData: keepPreviousData },
  );
  const items = useQuery(itemsOptions);
  useRefetchOnChange(causesOptions.queryKey, true, 700);
  useRefetchOnChange(itemsOptions.queryKey, fingerprint !== undefined, 700);
  useLiveChange(({ attention }) => {
    // An item may come or go without a run's summary in the push, when very much happens.
    if (causes.data !== undefined && attention !== causes.data.runs && !causes.isFetching) causes.refetch();
  });
  return { causes, groups, fingerprint, items };
}
