import { IANAZone } from "luxon";

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
 * @throws RangeError for an unknown time zone, weekday or time
 */
export function nextWeekday({ weekday, time, timeZone, after }: NextWeekday): Date {
  const zone = zoneNamed(timeZone);
  const [hour, minute] = clockTime(time);
  const wanted = weekdays.indexOf(weekday);
  if (wanted < 0) throw new RangeError(`${JSON.stringify(weekday)} is no weekday.`);

  // A local calendar day is held as the UTC midnight that bears the same date, so adding days never meets a clock change.
  const localAfter = after.getTime() + zone.offset(after.getTime()) * 60_000;
  const today = Math.floor(localAfter / dayMs) * dayMs;
  const ahead = (wanted - new Date(today).getUTCDay() + 7) % 7;
  for (let day = today + ahead * dayMs; ; day += 7 * dayMs) {
    const instant = instantOf(zone, day + hour * 3_600_000 + minute * 60_000);
    if (instant > after.getTime()) return new Date(instant);
  }
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
  if (!IANAZone.isValidZone(timeZone))
    throw new RangeError(`There is no time zone ${JSON.stringify(timeZone)}.`);
  return IANAZone.create(timeZone);
}

function clockTime(time: string): [hour: number, minute: number] {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (match === null)
    throw new RangeError(`${JSON.stringify(time)} is no time of day; write for example "09:00".`);
  return [Number(match[1]), Number(match[2])];
}
