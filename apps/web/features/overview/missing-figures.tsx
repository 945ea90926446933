import { missingWords } from "@downbeat/api/figure-words";
import type { FiguresMissing } from "@downbeat/api/views";
import { formatDayAndClock } from "@/lib/absolute-time.ts";

/** Says which days the charts lack for now. */
export function MissingFigures({ missing }: { missing: FiguresMissing }) {
  return (
    <p role="status" className="rounded-md bg-sunken px-3 py-2 text-ink-2">
      {missingWords(missing, formatDayAndClock)}
    </p>
  );
}
