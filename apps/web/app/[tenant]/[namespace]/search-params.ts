import { parseRange, type RangePreset, type TimeRange, writeRange } from "../../../lib/time-range.ts";

export interface OverviewParams {
  readonly range: TimeRange;
  readonly workflow?: string | undefined;
}

const preset: RangePreset = "1h";
const defaultOverviewRange: TimeRange = { type: "last", preset };

export function parseOverviewParams(query: URLSearchParams): OverviewParams {
  const workflow = query.get("workflow");
  const range = parseRange(query, defaultOverviewRange);
  return {
    // A chart needs two ends: an open range is not one.
    range: range.type === "all" ? defaultOverviewRange : range,
    ...(workflow ? { workflow } : {}),
  };
}

export function serializeOverviewParams({ range, workflow }: Partial<OverviewParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (range !== undefined) writeRange(query, range, defaultOverviewRange);
  if (workflow) query.set("workflow", workflow);
  return query;
}
