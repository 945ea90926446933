import type { ComparedWith } from "@downbeat/api/views";
import { type Report, readChoice, readText, reportUnknown, unreported } from "../../../lib/address-query.ts";
import { serverNow } from "../../../lib/clock.ts";
import {
  parseRange,
  type RangePreset,
  rangeNames,
  rangePresets,
  type TimeRange,
  writeRange,
} from "../../../lib/time-range.ts";

export interface OverviewParams {
  readonly range: TimeRange;
  readonly workflow?: string | undefined;
  /** With which earlier period the figures are compared. */
  readonly compare?: ComparedWith | undefined;
}

export const comparedWith = ["before", "week"] as const satisfies readonly ComparedWith[];

const preset: RangePreset = "1h";
const defaultOverviewRange: TimeRange = { type: "last", preset };

/** A bar of a chart is a year at most. */
const longestMs = 72 * 365 * 24 * 3_600_000;

export function parseOverviewParams(
  query: URLSearchParams,
  report: Report = unreported,
  now = serverNow(),
): OverviewParams {
  reportUnknown(query, [...rangeNames, "workflow", "compare"], report);
  const workflow = readText(query, "workflow", 100, report);
  const compare = readChoice(query, "compare", comparedWith, report);
  const range = parseFigureRange(query, defaultOverviewRange, report, now);
  return {
    range,
    ...(workflow === undefined ? {} : { workflow }),
    ...(compare === undefined ? {} : { compare }),
  };
}

/** One that charts can be drawn of; else the page's own. */
export function parseFigureRange(
  query: URLSearchParams,
  fallback: TimeRange,
  report: Report,
  now = serverNow(),
): TimeRange {
  const range = parseRange(query, fallback, report);
  const refuse = (problem: string): TimeRange => {
    report(
      `${problem} ${fallback.type === "last" ? `The ${rangePresets[fallback.preset].label.toLowerCase()}` : "Another one"} is shown.`,
    );
    return fallback;
  };
  if (range.type === "last") return range;
  if (range.type === "all") return refuse("Figures need a period: “all” isn’t one.");
  // As the page asks for what is left open.
  const { from = now - 3_600_000, to = now } = range;
  return to - from > longestMs ? refuse("Figures of more than 72 years can't be shown.") : range;
}

export function serializeOverviewParams({
  range,
  workflow,
  compare,
}: Partial<OverviewParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (range !== undefined) writeRange(query, range, defaultOverviewRange);
  if (workflow) query.set("workflow", workflow);
  if (compare !== undefined) query.set("compare", compare);
  return query;
}
