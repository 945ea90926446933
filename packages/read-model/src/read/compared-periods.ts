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
  /** What happened up to this time is known, ms since the epoch. */
  readonly knownTo: number;
  readonly with: ComparedWith;
}

/**
 * Which of an earlier period is compared with which of this one, both in whole minutes. Periods of whole months or days come after months or days, by the clocks of the zone, however long
 * those are; all others after so many minutes.
 */
export function comparedPeriods({ from, to, timeZone, knownTo, with: compared }: Asked): ComparedPeriods {
  const earlier = compared === "week" ? daysBefore(7, timeZone) : periodBefore(from, to, timeZone);
  const isPart = knownTo < to;
  const end = isPart ? Math.max(from, floorMinute(knownTo)) : to;
  const earlierFrom = earlier(from);
  // An hour that the clocks show twice, or leave out, has no end on those of the other day.
  const earlierEnd = (at: number): number => {
    const found = earlier(at);
    return found > earlierFrom ? found : earlierFrom + (at - from);
  };
  // A month may be shorter than so much of this one.
  const earlierTo = isPart ? Math.min(earlierEnd(end), earlierEnd(to)) : earlierEnd(to);
  return { current: { from, to: end }, earlier: { from: earlierFrom, to: earlierTo }, isPart };
}

type Earlier = (at: number) => number;

function periodBefore(from: number, to: number, timeZone: string): Earlier {
  const [first, last] = [dayBegun(from, timeZone), dayBegun(to, timeZone)];
  if (first === undefined || last === undefined) return (at) => at - (to - from);
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

/** What the clocks show; at the start of a day, its midnight, though they go from there to one o'clock at once. */
function wallTime(at: number, timeZone: string): number {
  return dayBegun(at, timeZone) ?? at + zoneOffset(at, timeZone);
}

/** The midnight of the day that starts at this time; `undefined` within days. */
function dayBegun(at: number, timeZone: string): number | undefined {
  const wall = at + zoneOffset(at, timeZone);
  // Long ago, clocks went by the sun, to the second: days start in whole minutes all the same.
  const midnight = Math.floor((wall + minuteMs - 1) / dayMs) * dayMs;
  return floorMinute(fromWallTime(midnight, timeZone)) === at ? midnight : undefined;
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
