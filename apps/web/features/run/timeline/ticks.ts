import {
  formatClock,
  formatClockMs,
  formatDay,
  formatDayAndClock,
  formatHourMinute,
} from "../../../lib/absolute-time.ts";
import { formatDuration } from "../../../lib/duration.ts";
import type { TimeScale } from "./scale.ts";

export interface Tick {
  readonly x: number;
  readonly label: string;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
];

/** What a date can be (ECMA-262, 21.4.1.1). */
const farthest = 8.64e15;

/** Up to this long, "how far into the run" says more than the time of day. */
const offsetLimitMs = hour;

/**
 * Ticks at round distances from the run's start, or at round times of day in a long run; none closer than `apart` pixels.
 *
 * @param zoneMs what local time is ahead of UTC, so that days start at local midnight
 */
export function ticksOf(scale: TimeScale, startedAt: number, zoneMs: number, apart = 96): readonly Tick[] {
  // Of times that are none there are no round ones.
  if (![scale.from, scale.to, startedAt].every((at) => Math.abs(at) <= farthest)) return [];
  const folded = scale.folds.reduce((sum, fold) => sum + fold.to - fold.from, 0);
  const foldedWidth = scale.folds.reduce((sum, fold) => sum + fold.width, 0);
  const perPixel = (scale.to - scale.from - folded) / Math.max(1, scale.width - foldedWidth);
  const least = perPixel * apart;
  const step = steps.find((each) => each >= least) ?? Math.ceil(least / (7 * day)) * 7 * day;
  const byClock = scale.to - startedAt > offsetLimitMs;
  const origin = byClock ? -zoneMs : startedAt;
  const ticks: Tick[] = [];
  let lastX = Number.NEGATIVE_INFINITY;
  for (let index = Math.ceil((scale.from - origin) / step); ; index++) {
    let at = origin + index * step;
    if (at > scale.to) break;
    const fold = scale.folds.find((each) => at > each.from && at < each.to);
    if (fold !== undefined) {
      // A fold can be years long at millisecond steps: go on behind it.
      index = Math.ceil((fold.to - origin) / step);
      at = origin + index * step;
      if (at > scale.to) break;
    }
    const x = scale.x(at);
    if (x - lastX < apart * 0.8 || x > scale.width) continue;
    lastX = x;
    ticks.push({ x, label: byClock ? clockLabel(at, step) : offsetLabel(at - startedAt) });
  }
  return ticks;
}

function offsetLabel(ms: number): string {
  if (ms === 0) return "start";
  if (Math.abs(ms) < second) return `${ms} ms`;
  return ms % second === 0 ? formatDuration(ms).replace(/\.0+ s$/, " s") : `${(ms / second).toString()} s`;
}

function clockLabel(at: number, step: number): string {
  if (step >= day) return formatDay(at);
  if (step >= hour) return formatDayAndClock(at);
  if (step >= minute) return formatHourMinute(at);
  return step >= second ? formatClock(at) : formatClockMs(at);
}
