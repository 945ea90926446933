import { formatDate } from "./absolute-time.ts";
import { rangePresets, type TimeRange } from "./time-range.ts";

export function describeRange(range: TimeRange): string {
  switch (range.type) {
    case "all":
      return "All time";
    case "last":
      return rangePresets[range.preset].label;
    case "between": {
      const { from, to } = range;
      if (from === undefined) return to === undefined ? "All time" : `until ${formatDate(to)}`;
      if (to === undefined) return `since ${formatDate(from)}`;
      return `${formatDate(from)} – ${formatDate(to)}`;
    }
  }
}
