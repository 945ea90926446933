import { type Report, readChoice, reportUnknown, unreported } from "../../../../../lib/address-query.ts";
import { rangeNames, type TimeRange, writeRange } from "../../../../../lib/time-range.ts";
import { parseFigureRange } from "../../search-params.ts";

export interface BoardParams {
  /** Absent: the board's own. */
  readonly range?: TimeRange | undefined;
  /** For a screen on the wall: the board alone, large and dark. */
  readonly wall?: "1" | undefined;
}

export function parseBoardParams(query: URLSearchParams, report: Report = unreported): BoardParams {
  reportUnknown(query, [...rangeNames, "wall"], report);
  const isAsked = rangeNames.some((name) => (query.get(name) ?? "") !== "");
  const range = isAsked ? parseFigureRange(query, { type: "last", preset: "24h" }, report) : undefined;
  const wall = readChoice(query, "wall", ["1"], report);
  return { ...(range !== undefined && { range }), ...(wall !== undefined && { wall }) };
}

export function serializeBoardParams({ range, wall }: Partial<BoardParams>): URLSearchParams {
  const query = new URLSearchParams();
  // No board shows all time: whatever it is, it is written.
  if (range !== undefined) writeRange(query, range, { type: "all" });
  if (wall !== undefined) query.set("wall", wall);
  return query;
}
