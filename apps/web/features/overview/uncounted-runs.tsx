import { uncountedWords } from "@downbeat/api/figure-words";
import { formatDayAndClock } from "@/lib/absolute-time.ts";

/** Says from when on the charts are whole, where retention had removed runs before they were counted. */
export function UncountedRuns({ upTo }: { upTo: number }) {
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-ink-2">{uncountedWords(upTo, formatDayAndClock)}</p>
  );
}
