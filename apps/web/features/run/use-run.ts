"use client";

import type { ShownRunView } from "@downbeat/api/views";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { useLive, useLiveChange } from "@/live/live-provider.tsx";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { mergeRunView, withSummary } from "./merge-run.ts";

const missingRefetchMs = 10_000;
/** Changes that come within this are asked for together. */
const gatherMs = 120;

/** One run, kept up to date: pushes say that something changed, and only the changed rows are asked for. */
export function useRun(runId: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const live = useLive();
  const options = trpc.runs.get.queryOptions({ runId }, { trpc: { abortOnUnmount: true } });
  const query = useQuery({
    ...options,
    // Where its events are kept may answer again.
    refetchInterval: ({ state }) => (state.data?.missing === undefined ? false : missingRefetchMs),
  });
  const { queryKey } = options;
  const isLoaded = query.data !== undefined;
  const isBusy = useRef(false);
  const isStale = useRef(false);

  const known = () => queryClient.getQueryData<ShownRunView>(queryKey);

  async function refresh(): Promise<void> {
    const before = known();
    isStale.current = false;
    try {
      if (before === undefined) return;
      const news = await client.runs.get.query({ runId, sinceSeq: before.seq });
      queryClient.setQueryData<ShownRunView>(queryKey, (current) =>
        current === undefined ? news : mergeRunView(current, news),
      );
    } catch {
      // The next push or the reconnect asks again.
    } finally {
      isBusy.current = false;
      if (isStale.current) plan();
    }
  }

  function plan(): void {
    isStale.current = true;
    if (isBusy.current) return;
    isBusy.current = true;
    setTimeout(refresh, gatherMs);
  }

  useLiveChange((change) => {
    const summary = change.runs.find((run) => run.runId === runId);
    if (summary !== undefined)
      queryClient.setQueryData<ShownRunView>(queryKey, (current) =>
        current === undefined ? undefined : withSummary(current, summary),
      );
    const current = known();
    if (current === undefined) {
      // It was not there yet when it was asked for: started a moment ago.
      if (summary !== undefined && query.isError) query.refetch();
      return;
    }
    const events = change.followed.find((run) => run.runId === runId)?.events;
    const lastSeq = Math.max(summary?.seq ?? 0, events?.at(-1)?.seq ?? 0);
    if (lastSeq > current.seq) plan();
  });

  const seqNow = useEffectEvent(() => known()?.seq ?? 0);
  useEffect(() => (isLoaded ? live.follow(runId, seqNow()) : undefined), [live, runId, isLoaded]);

  return query;
}
