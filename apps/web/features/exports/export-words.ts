import { formatDayAndClock } from "../../lib/absolute-time.ts";
import { formatCount, plural } from "../../lib/number.ts";
import type { ListExport } from "./export-store.ts";

/** How an export is doing, in a sentence. */
export function exportWords(one: ListExport): string {
  const { title, state, rows, of, isLowerBound = false, searchedTo, fileName, problem } = one;
  switch (state) {
    case "running": {
      const all =
        of === undefined ? "" : ` of ${isLowerBound ? "at least " : ""}${formatCount(Math.max(of, rows))}`;
      const searched = searchedTo === undefined ? "" : `, searched back to ${formatDayAndClock(searchedTo)}`;
      return `Exporting ${title}: ${formatCount(rows)}${all} rows${searched}`;
    }
    case "saved":
      return problem === undefined
        ? `${fileName} is saved: ${plural(rows, "row")}`
        : `${fileName} is saved, but not whole. It ends after ${plural(rows, "row")}: ${problem}`;
    case "cancelled":
      return `The export of ${title} was cancelled. Nothing is saved.`;
    case "failed":
      return `The export of ${title} failed, and nothing is saved. ${problem}`;
  }
}
