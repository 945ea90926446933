/** A range of time as a person chose it: `15m` moves along with now, `from`–`to` stays. */
export type TimeRange =
  | { readonly type: "all" }
  | { readonly type: "last"; readonly preset: RangePreset }
  | { readonly type: "between"; readonly from?: number; readonly to?: number };

const minute = 60_000;
const hour = 60 * minute;

export const rangePresets = {
  "15m": { label: "Last 15 minutes", ms: 15 * minute },
  "1h": { label: "Last hour", ms: hour },
  "6h": { label: "Last 6 hours", ms: 6 * hour },
  "24h": { label: "Last 24 hours", ms: 24 * hour },
  "7d": { label: "Last 7 days", ms: 7 * 24 * hour },
  "30d": { label: "Last 30 days", ms: 30 * 24 * hour },
} as const;

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

export function parseRange(query: URLSearchParams, fallback: TimeRange): TimeRange {
  const preset = query.get("range");
  if (preset === "all") return { type: "all" };
  if (preset !== null && isRangePreset(preset)) return { type: "last", preset };
  const from = parseTime(query.get("from"));
  const to = parseTime(query.get("to"));
  if (from === undefined && to === undefined) return fallback;
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

function parseTime(text: string | null): number | undefined {
  if (text === null) return undefined;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}

const bucketSizes = [
  10_000,
  30_000,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
];

/** The smallest round bucket that keeps a chart under `most` bars. */
export function bucketFor(spanMs: number, most = 72, least = minute): number {
  const fitting = bucketSizes.find((size) => size >= least && spanMs / size <= most);
  return fitting ?? Math.ceil(spanMs / most / (24 * hour)) * 24 * hour;
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
