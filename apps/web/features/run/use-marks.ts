"use client";

import type { EventView } from "@downbeat/api/views";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTRPCClient } from "@/trpc/react.ts";
import { markTypes } from "./model/marks.ts";

const pageSize = 2_000;

/** The events of a run that are marks of its timeline. After the first time only newer ones are asked for. */
export function useMarks(runId: string, lastSeq: number): readonly EventView[] {
  const client = useTRPCClient();
  const [events, setEvents] = useState<readonly EventView[]>([]);
  const reached = useRef(0);
  const isBusy = useRef(false);

  const ask = useEffectEvent(async () => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      while (reached.current < lastSeq) {
        const upTo = lastSeq;
        const page = await client.runs.events.query({
          runId,
          afterSeq: reached.current,
          types: [...markTypes],
          limit: pageSize,
        });
        const isLast = page.events.length < pageSize;
        reached.current = isLast ? upTo : (page.events.at(-1)?.seq ?? upTo);
        if (page.events.length > 0)
          setEvents((known) => [
            ...known.filter(({ seq }) => seq <= (page.events[0]?.seq ?? 0) - 1),
            ...page.events,
          ]);
        if (isLast) break;
      }
    } catch {
      // The rows say most of it; the next change of the run asks again.
    } finally {
      isBusy.current = false;
    }
  });
  useEffect(() => {
    if (lastSeq > reached.current) ask();
  }, [lastSeq]);
  return events;
}
