import { formatDayAndClock } from "@/lib/absolute-time.ts";

/** Says from when on the charts are whole, where retention had removed runs before they were counted. */
export function UncountedRuns({ upTo }: { upTo: number }) {
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-ink-2">
      Figures are whole from {formatDayAndClock(upTo)} on: retention had removed runs that ended before that
      when this server began to count.
    </p>
  );
}
