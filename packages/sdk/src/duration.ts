import { isDate } from "node:util/types";
import { latestTime, longestDurationMs } from "@downbeat/domain";
import { shownText } from "./thrown/shown-value.ts";

const units = {
  ms: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

type Unit = keyof typeof units | "seconds" | "minutes" | "hours" | "days" | "weeks";

/** Milliseconds, or text such as `"90 seconds"`. A day is 24 hours; for calendar days see `nextWeekday`. */
export type Duration = number | `${number} ${Unit}`;

const allowed = `a duration is a number of milliseconds from 0 to ${longestDurationMs} (100 years), or text such as "90 seconds"`;

/**
 * Whole milliseconds; parts of one are rounded up.
 *
 * @param what is given the duration, e.g. `run.sleep`
 * @throws TypeError for what is neither a number nor a text, RangeError for another one that is no duration
 */
export function milliseconds(duration: Duration, what: string): number {
  const given: unknown = duration;
  if (typeof given !== "number" && typeof given !== "string")
    throw new TypeError(`${what} can't be ${shownText(given, 100)}: ${allowed}.`);
  const ms = typeof given === "number" ? given : parse(given);
  if (ms >= 0 && ms <= longestDurationMs) return Math.ceil(ms) + 0;
  throw new RangeError(`${what} can't be ${shownText(given, 100)}: ${allowed}.`);
}

/**
 * Ms since the epoch, whole; parts of one are rounded up.
 *
 * @throws TypeError for what is neither a `Date` nor a number, RangeError for another one that is no time, or one after the year 9999
 */
export function moment(given: unknown, what: string): number {
  const at = isDate(given) ? Date.prototype.getTime.call(given) : given;
  const allowed = `a moment is a Date, or milliseconds since 1970, until ${new Date(latestTime).toISOString()}`;
  if (typeof at !== "number") throw new TypeError(`${what} can't be ${shownText(given, 100)}: ${allowed}.`);
  // What is long past is past; how long does not matter.
  if (at <= latestTime) return Math.ceil(Math.max(0, at));
  throw new RangeError(`${what} can't be ${shownText(given, 100)}: ${allowed}.`);
}

/** NaN for text that is no duration. */
function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?) (ms|(second|minute|hour|day|week)s?)$/.exec(text);
  if (match === null) return Number.NaN;
  const unit = match[3] ?? "ms";
  return Number(match[1]) * units[unit as keyof typeof units];
}
