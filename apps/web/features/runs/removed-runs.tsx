import { formatDayAndClock } from "@/lib/absolute-time.ts";

/** At the end of the list: retention removes runs some time after their ends. */
export function RemovedRuns({ upTo }: { upTo: number }) {
  return (
    <p className="px-6 py-3 text-ink-3 max-[700px]:px-3">
      Of the runs that ended up to {formatDayAndClock(upTo)}, retention has removed some or all.
    </p>
  );
}
