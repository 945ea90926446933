"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { useLiveChange, useLiveGap } from "@/live/live-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { createEventStore, type EventStore } from "./event-store.ts";

/** @param isMissing the run's own answer says that events could not be found: they are asked for again when it no longer does */
export function useEvents(runId: string, total: number, isMissing: boolean): EventStore {
  const client = useTRPCClient();
  const [store] = useState(() =>
    createEventStore((afterSeq, limit) => client.runs.events.query({ runId, afterSeq, limit }), total),
  );
  useLiveChange(({ followed }) => {
    for (const run of followed) if (run.runId === runId) store.add(run.events);
  });
  useLiveGap(() => store.retry());
  useSyncExternalStore(store.onChange, store.version, store.version);
  useEffect(() => {
    if (!isMissing) store.retry();
  }, [store, isMissing]);
  const known = store.total();
  // The run's own answer may know of more events than were pushed.
  useEffect(() => {
    if (total > known) store.need(known + 1, total);
  }, [store, total, known]);
  return store;
}
