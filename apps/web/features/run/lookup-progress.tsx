"use client";

import { useQuery } from "@tanstack/react-query";
import { formatDuration } from "@/lib/duration.ts";
import { known } from "@/lib/known.ts";
import { formatCount } from "@/lib/number.ts";
import { useTRPC } from "@/trpc/react.ts";

const askEveryMs = 400;

const doing = {
  waiting: "Waiting for other questions to",
  planning: "Asking",
  reading: "Reading",
  finishing: "Reading the answer of",
} as const;

/** While a run's events are looked for elsewhere: where, how far, for how long. Nothing for those at hand. */
export function LookupProgress({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const { data: lookup } = useQuery(
    trpc.runs.lookup.queryOptions({ runId }, { refetchInterval: askEveryMs, staleTime: 0, gcTime: 0 }),
  );
  if (lookup == null) return null;
  const read = lookup.rows === 0 ? "" : `, ${formatCount(lookup.rows)} rows`;
  return (
    <div role="status" className="px-6 max-[700px]:px-3 pt-4 text-ink-2">
      <p>
        This run’s events are older than what the server keeps. {known(doing, lookup.state) ?? "Asking"}{" "}
        {lookup.source}: {formatDuration(lookup.elapsedMs)}
        {read}.
      </p>
      <progress
        className="mt-2 h-1 w-72 accent-accent"
        max={100}
        value={lookup.percent}
        aria-label={`Progress of ${lookup.source}`}
      />
    </div>
  );
}
