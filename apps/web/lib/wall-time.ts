import { isoTime } from "./absolute-time.ts";
import { fromWallTime, shownZone, zoneOffset } from "./zone.ts";

const startsWithYear = /^(?!0000)\d{4}-/;

/**
 * What the clocks of the zone show at that time, as `2026-11-23T14:00:00`, which names no zone: the value of a `datetime-local` input.
 *
 * @returns `undefined` for what is no time, or in a year that has not four digits
 */
export function wallText(at: number, timeZone = shownZone()): string | undefined {
  if (isoTime(at) === undefined) return undefined;
  const text = isoTime(at + zoneOffset(at, timeZone));
  return text !== undefined && startsWithYear.test(text) ? text.slice(0, 19) : undefined;
}

/** The time at which the clocks of the zone show it; `undefined` for what is no time on a clock. */
export function fromWallText(text: string, timeZone = shownZone()): number | undefined {
  const wall = startsWithYear.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return Number.isFinite(wall) ? fromWallTime(wall, timeZone) : undefined;
}
