import type { ComparedWith } from "../views.ts";
import { fromWallTime, zoneOffset } from "../zone.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

interface Period {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface ComparedPeriods {
  readonly current: Period;
  readonly earlier: Period;
  readonly isPart: boolean;
}

interface Asked extends Period {
  readonly timeZone: string;
  readonly now: number;
  readonly with: ComparedWith;
}

/**
 * Which of an earlier period is compared with which of this one, both in whole minutes. Periods of whole months or days come after months or days, by the clocks of the zone, however long
 * those are; all others after so many minutes.
 */
export function comparedPeriods({ from, to, timeZone, now, with: compared }: Asked): ComparedPeriods {
  const earlier = compared === "week" ? daysBefore(7, timeZone) : periodBefore(from, to, timeZone);
  const isPart = now < to;
  const end = isPart ? Math.max(from, floorMinute(now)) : to;
  const [earlierFrom, earlierTo] = [earlier(from), earlier(to)];
  return {
    current: { from, to: end },
    earlier: {
      from: earlierFrom,
      // A month may be shorter than so much of this one.
      to: isPart ? Math.min(Math.max(earlierFrom, earlier(end)), earlierTo) : earlierTo,
    },
    isPart,
  };
}

type Earlier = (at: number) => number;

function periodBefore(from: number, to: number, timeZone: string): Earlier {
  const [first, last] = [wallTime(from, timeZone), wallTime(to, timeZone)];
  if (first % dayMs !== 0 || last % dayMs !== 0) return (at) => at - (to - from);
  const months = monthOf(last) - monthOf(first);
  if (months === 0 || !isMonthStart(first) || !isMonthStart(last))
    return daysBefore((last - first) / dayMs, timeZone);
  const firstBefore = monthsBefore(first, months);
  return (at) => {
    const wall = wallTime(at, timeZone);
    const before = wall === last ? first : firstBefore + (wall - first);
    return floorMinute(fromWallTime(before, timeZone));
  };
}

function daysBefore(days: number, timeZone: string): Earlier {
  return (at) => floorMinute(fromWallTime(wallTime(at, timeZone) - days * dayMs, timeZone));
}

function wallTime(at: number, timeZone: string): number {
  return at + zoneOffset(at, timeZone);
}

function isMonthStart(wall: number): boolean {
  return new Date(wall).getUTCDate() === 1;
}

/** Months since the year 0. */
function monthOf(wall: number): number {
  const date = new Date(wall);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function monthsBefore(wall: number, months: number): number {
  const date = new Date(wall);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.getTime();
}

function floorMinute(at: number): number {
  return Math.floor(at / minuteMs) * minuteMs;
}
