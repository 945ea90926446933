import { isDate } from "node:util/types";
import { latestTime } from "@downbeat/domain";
import { IANAZone } from "luxon";
import { shownText } from "./thrown/shown-value.ts";

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const dayMs = 86_400_000;

export type Weekday = (typeof weekdays)[number];

export interface NextWeekday {
  readonly weekday: Weekday;
  /** Wall-clock time, `HH:MM`. */
  readonly time: string;
  /** IANA name, e.g. `Europe/Paris`. */
  readonly timeZone: string;
  /** In workflow code: `run.now()`. */
  readonly after: Date;
}

/**
 * The first moment after `after` at which clocks in the time zone show the time on that weekday. A time that a clock
 * change skips is moved forward by the length of the gap; of a time that comes twice, the first counts.
 *
 * @throws RangeError for an unknown time zone, weekday or time, and for a date that is none or has no year from 1 to 9999
 */
export function nextWeekday(wantedDay: NextWeekday): Date {
  const given: unknown = wantedDay;
  if (typeof given !== "object" || given === null)
    throw new TypeError(
      `nextWeekday() takes { weekday, time, timeZone, after }, and was given ${shownText(given, 100)}.`,
    );
  const { weekday, time, timeZone, after } = wantedDay;
  const zone = zoneNamed(timeZone);
  const [hour, minute] = clockTime(time);
  const wanted = weekdays.indexOf(weekday);
  if (wanted < 0) throw new RangeError(`${shownText(weekday, 100)} is no weekday.`);
  const from = timeOf(after);

  // A local calendar day is held as the UTC midnight that bears the same date, so adding days never meets a clock change.
  const localAfter = from + zone.offset(from) * 60_000;
  const today = Math.floor(localAfter / dayMs) * dayMs;
  const ahead = (wanted - new Date(today).getUTCDay() + 7) % 7;
  for (let week = 0; week < mostWeeks; week++) {
    const day = today + (ahead + 7 * week) * dayMs;
    const instant = instantOf(zone, day + hour * 3_600_000 + minute * 60_000);
    if (instant > from) return new Date(instant);
  }
  throw new RangeError(`No ${weekday} ${time} in ${timeZone} was found after ${after.toISOString()}.`);
}

// The moment is in this week or in the next one; the rest is for a time zone that nobody has heard of.
const mostWeeks = 4;
const earliestTime = Date.parse("0001-01-02T00:00:00Z");

function timeOf(after: unknown): number {
  const at = isDate(after) ? Date.prototype.getTime.call(after) : Number.NaN;
  if (at >= earliestTime && at <= latestTime) return at;
  throw new RangeError(`after can't be ${shownText(after, 100)}: it is a Date with a year from 1 to 9999.`);
}

/** @param local wall-clock time, written as if it were UTC */
function instantOf(zone: IANAZone, local: number): number {
  const before = zone.offset(local - dayMs) * 60_000;
  const after = zone.offset(local + dayMs) * 60_000;
  const candidates = [local - before, local - after].filter(
    (instant) => instant + zone.offset(instant) * 60_000 === local,
  );
  return candidates.length > 0 ? Math.min(...candidates) : local - before;
}

function zoneNamed(timeZone: string): IANAZone {
  if (typeof timeZone !== "string" || !IANAZone.isValidZone(timeZone))
    throw new RangeError(`There is no time zone ${shownText(timeZone, 100)}.`);
  return IANAZone.create(timeZone);
}

function clockTime(time: string): [hour: number, minute: number] {
  const match = typeof time === "string" ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) : null;
  if (match === null)
    throw new RangeError(`${shownText(time, 100)} is no time of day; write for example "09:00".`);
  return [Number(match[1]), Number(match[2])];
}
