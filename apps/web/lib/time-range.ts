import { bucketFor, rangePresets } from "@downbeat/api/periods";
import { type Report, readChoice, readTime, unreported } from "./address-query.ts";

/** A range of time as a person chose it: `15m` moves along with now, `from`–`to` stays. */
export type TimeRange =
  | { readonly type: "all" }
  | { readonly type: "last"; readonly preset: RangePreset }
  | { readonly type: "between"; readonly from?: number; readonly to?: number };

const minute = 60_000;
const hour = 60 * minute;

export { bucketFor, rangePresets };

export type RangePreset = keyof typeof rangePresets;

export const isRangePreset = (text: string): text is RangePreset => Object.hasOwn(rangePresets, text);

export interface ResolvedRange {
  readonly from?: number;
  readonly to?: number;
}

export function resolveRange(range: TimeRange, now: number): ResolvedRange {
  switch (range.type) {
    case "all":
      return {};
    case "last":
      return { from: now - rangePresets[range.preset].ms };
    case "between":
      return {
        ...(range.from === undefined ? {} : { from: range.from }),
        ...(range.to === undefined ? {} : { to: range.to }),
      };
  }
}

/** Whether something may still happen in it: what is over stays as it was counted. */
export function movesAt(range: TimeRange, now: number): boolean {
  return range.type !== "between" || range.to === undefined || range.to > now;
}

/** Names of what a range is written with in an address. */
export const rangeNames = ["range", "from", "to"] as const;

const rangeChoices = ["all", ...Object.keys(rangePresets).filter(isRangePreset)] as const;

export function parseRange(
  query: URLSearchParams,
  fallback: TimeRange,
  report: Report = unreported,
): TimeRange {
  const choice = readChoice(query, "range", rangeChoices, report);
  if (choice === "all") return { type: "all" };
  if (choice !== undefined) return { type: "last", preset: choice };
  const from = readTime(query, "from", report);
  const to = readTime(query, "to", report);
  if (from === undefined && to === undefined) return fallback;
  if (from !== undefined && to !== undefined && from >= to) {
    report("“to” is not after “from”: both are left out.");
    return fallback;
  }
  return { type: "between", ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

export function writeRange(query: URLSearchParams, range: TimeRange, fallback: TimeRange): void {
  if (range.type === fallback.type && (range.type !== "last" || isSame(range, fallback))) {
    if (range.type !== "between") return;
  }
  if (range.type === "all") query.set("range", "all");
  if (range.type === "last") query.set("range", range.preset);
  if (range.type === "between") {
    if (range.from !== undefined) query.set("from", new Date(range.from).toISOString());
    if (range.to !== undefined) query.set("to", new Date(range.to).toISOString());
  }
}

function isSame(one: TimeRange, other: TimeRange): boolean {
  return one.type === "last" && other.type === "last" && one.preset === other.preset;
}

const bucketNames = new Map<number, string>([
  [10_000, "per 10 seconds"],
  [30_000, "per 30 seconds"],
  [minute, "per minute"],
  [hour, "per hour"],
  [24 * hour, "per day"],
]);

export function bucketName(ms: number): string {
  const known = bucketNames.get(ms);
  if (known !== undefined) return known;
  if (ms % (24 * hour) === 0) return `per ${ms / (24 * hour)} days`;
  if (ms % hour === 0) return `per ${ms / hour} hours`;
  if (ms % minute === 0) return `per ${ms / minute} minutes`;
  return `per ${ms / 1_000} seconds`;
}
