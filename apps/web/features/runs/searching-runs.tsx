import { Button } from "@/components/button.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { plural } from "@/lib/number.ts";

interface SearchingRunsProps {
  /** Down to this time everything was looked at, ms since the epoch. */
  readonly searchedTo: number;
  readonly found: number;
  readonly isFetching: boolean;
  readonly onMore: () => void;
}

/** Where matches are rare the list goes on looking by itself; here it says how far it is. */
export function SearchingRuns({ searchedTo, found, isFetching, onMore }: SearchingRunsProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-6 py-3 text-ink-2 max-[700px]:px-3">
      <span role="status">
        Searched back to {formatDayAndClock(searchedTo)}:{" "}
        {found === 0 ? "no match" : plural(found, "match", "matches")} so far.
      </span>
      {isFetching ? null : (
        <Button size="small" onClick={onMore}>
          Keep searching
        </Button>
      )}
    </div>
  );
}
