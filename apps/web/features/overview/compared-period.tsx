import { uncountedEarlierWords } from "@downbeat/api/figure-words";
import type { Comparison } from "@downbeat/api/views";
import { formatDate, formatMoment } from "@/lib/absolute-time.ts";
import { serverNow } from "@/lib/clock.ts";
import { MissingFigures } from "./missing-figures.tsx";

interface ComparedPeriodProps {
  readonly comparison: Comparison;
  /** Runs that ended before had been removed before they were counted. */
  readonly countedFrom: number | undefined;
}

/** Says what the figures are compared with, and which part of it. */
export function ComparedPeriod({ comparison, countedFrom }: ComparedPeriodProps) {
  const { current, earlier, isPart, isBehind, missing } = comparison;
  const period = `${formatDate(earlier.from)} – ${formatDate(earlier.to)}`;
  const until = formatMoment(current.to, serverNow()).replace(/:00$/, "");
  return (
    <div className="mt-2 flex flex-col gap-2">
      <p className="text-ink-2 text-small">
        {current.to <= current.from
          ? "No whole minute of this period is known yet: nothing is compared."
          : isPart
            ? `Compared with ${period}. ${isBehind ? "Not all of this period is read yet" : "This period is not over"}: its part until ${until} is compared with the same part of the earlier one.`
            : `Compared with ${period}.`}
        {countedFrom !== undefined && earlier.from < countedFrom ? ` ${uncountedEarlierWords}` : ""}
      </p>
      {missing === undefined ? null : <MissingFigures missing={missing} />}
    </div>
  );
}
