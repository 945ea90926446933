"use client";

import { useEffect, useRef, useState } from "react";
import { isSetAside } from "@/features/causes/mark-words.ts";
import { useLiveChange } from "@/live/live-provider.tsx";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useFollowedAttention } from "./use-followed-attention.ts";

/** Of one cause, the oldest so many: more than a person works through before looking again. */
export const mostItems = 200;

/** The causes, and the items of the chosen one; of the greatest while none is chosen. */
export function useAttention(chosen: string | undefined) {
  const causes = useFollowedAttention({ limit: 1 });
  const groups = causes.data?.groups;
  const greatest = groups?.find(({ standing }) => !isSetAside(standing))?.fingerprint;
  // Shown until another one is chosen: causes change their order while one is at work.
  const [shown, setShown] = useState<string>();
  useEffect(() => setShown((current) => chosen ?? current ?? greatest), [chosen, greatest]);
  const fingerprint = chosen ?? shown;
  const items = useFollowedAttention(
    { limit: mostItems, ...(fingerprint === undefined ? {} : { fingerprint }) },
    fingerprint !== undefined,
  );
  useRefetchOnChange(causes.queryKey, true, 700);
  useRefetchOnChange(items.queryKey, fingerprint !== undefined, 700);
  const pushed = useRef<string>(undefined);
  useLiveChange(({ attention, attentionSetAside = 0 }) => {
    // An item may come or go without a run's summary in the push, when very much happens.
    if (causes.data === undefined || causes.isFetching) return;
    const { runs, setAside } = causes.data;
    const told = `${attention} ${attentionSetAside}`;
    // Where much is set aside the push counts it now and then: what has been asked about is not asked about again.
    if (told !== `${runs} ${setAside.runs}` && told !== pushed.current) causes.refetch();
    pushed.current = told;
  });
  return { causes, groups, fingerprint, items };
}
