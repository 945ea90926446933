import type { FiguresMissing } from "@downbeat/api/views";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { plural } from "@/lib/number.ts";

/** Says which days the charts lack for now. */
export function MissingFigures({ missing }: { missing: FiguresMissing }) {
  const { source, from, to, days, percent, trouble } = missing;
  const period = `${formatDayAndClock(from)} to ${formatDayAndClock(to)}`;
  const progress = percent === undefined ? "" : ` (${Math.round(percent)} % of the next)`;
  return (
    <p role="status" className="rounded-md bg-sunken px-3 py-2 text-ink-2">
      {trouble === undefined
        ? `Not complete yet: figures of ${period} are being read from ${source}, ${plural(days, "day")} to go${progress}.`
        : `Figures of ${period} are missing (${plural(days, "day")}). ${trouble}`}
    </p>
  );
}
