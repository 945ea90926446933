import type { ResultTable } from "@downbeat/api/views";
import { cellText } from "./cell.ts";

/** An axis on which equal distances are equal times. */
export interface TimeAxis {
  /** Of each row, ms since the epoch. */
  readonly times: readonly number[];
  /** Rows by their times. */
  readonly order: readonly number[];
  readonly from: number;
  readonly to: number;
  /** The shortest time between two rows, ms. */
  readonly step: number;
  /** Whether nothing is known of the time between this row and the one before it, by their places in `order`. */
  readonly isGap: (place: number) => boolean;
}

const written =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?)?(?: ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?))?$/;

/** Without a zone it is UTC, as the tables have it. */
export function timeOf(text: string | null): number | undefined {
  if (text === null || !written.test(text)) return undefined;
  const [date = "", rest = ""] = [text.slice(0, 10), text.slice(11)];
  const [, clock = "", zone = ""] = /^([\d:.]*) ?(.*)$/.exec(rest) ?? [];
  const whole = clock === "" ? "00:00" : /^\d\d$/.test(clock) ? `${clock}:00` : clock;
  const at = Date.parse(`${date}T${whole.replace(/(\.\d{3})\d+$/, "$1")}${isoZone(zone)}`);
  return Number.isNaN(at) ? undefined : at;
}

function isoZone(zone: string): string {
  if (zone === "" || zone === "Z" || zone === "UTC") return "Z";
  return zone.length === 3 ? `${zone}:00` : zone.replace(/^(...):?(..)$/, "$1:$2");
}

/** Months and longer have steps of their own: 28 to 31 days. */
const shortestMonth = 28 * 86_400_000;

/** `undefined` where the column has something else than times, or two rows have the same. */
export function timeAxis({ rows }: Pick<ResultTable, "rows">, x: number): TimeAxis | undefined {
  const times: number[] = [];
  for (const row of rows) {
    const at = timeOf(cellText(row[x]));
    if (at === undefined) return undefined;
    times.push(at);
  }
  if (times.length < 2 || new Set(times).size < times.length) return undefined;
  const order = times.map((_, row) => row).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const sorted = order.map((row) => times[row] ?? 0);
  const steps = sorted.slice(1).map((at, index) => at - (sorted[index] ?? 0));
  const step = Math.min(...steps);
  const inSteps = steps.map((each) => each / step);
  // Rows that come by the hour or the day have gaps; rows that come as they please have not.
  const isRegular = inSteps.every(
    (n) => Math.abs(n - Math.round(n)) <= (step >= shortestMonth ? 0.12 * Math.round(n) : 0.001),
  );
  return {
    times,
    order,
    from: sorted[0] ?? 0,
    to: sorted.at(-1) ?? 0,
    step,
    isGap: (place) => isRegular && Math.round(inSteps[place - 1] ?? 1) > 1,
  };
}

const minute = 60_000;
const day = 86_400_000;
const steps = [
  1,
  10,
  100,
  1_000,
  5_000,
  15_000,
  30_000,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  60 * minute,
  180 * minute,
  360 * minute,
  720 * minute,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
  91 * day,
  182 * day,
  365 * day,
];

/** What a date can be (ECMA-262, 21.4.1.1). */
const farthest = 8.64e15;

/** Moments to write below the axis, at most so many, with what distinguishes them. UTC. */
export function timeLabels(
  axis: Pick<TimeAxis, "from" | "to">,
  most: number,
): readonly { readonly at: number; readonly text: string }[] {
  const from = Math.max(-farthest, axis.from);
  const to = Math.min(farthest, axis.to);
  const range = Math.max(1, to - from);
  const step =
    steps.find((each) => range / each <= most) ?? Math.ceil(range / most / (365 * day)) * 365 * day;
  const labels: { at: number; text: string }[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step)
    labels.push({ at, text: textOf(at, step) });
  return labels;
}

function textOf(at: number, step: number): string {
  const iso = new Date(at).toISOString();
  if (step >= day) return iso.slice(0, 10);
  if (step >= minute) return `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
  return step >= 1_000 ? iso.slice(11, 19) : iso.slice(11, 23);
}
