import { zonedFormat } from "./zone.ts";

const hourMinute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const clock = { ...hourMinute, second: "2-digit" } as const;
const day = { day: "numeric", month: "short" } as const;
const milliseconds = { fractionalSecondDigits: 3 } as const;

/** Data may hold any number: one that is no time must not break the page it stands on. */
function format(name: string, at: number, options: Intl.DateTimeFormatOptions): string {
  return isTime(at) ? zonedFormat(name, options).format(at) : "an impossible time";
}

function isTime(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15;
}

/** For machines, such as the `datetime` of an element; nothing for what is no time. */
export function isoTime(at: number): string | undefined {
  return isTime(at) ? new Date(at).toISOString() : undefined;
}

/** `14:02:07` */
export const formatClock = (at: number): string => format("clock", at, clock);
/** `14:02` */
export const formatHourMinute = (at: number): string => format("hourMinute", at, hourMinute);
/** `14:02:07.318` */
export const formatClockMs = (at: number): string => format("clockMs", at, { ...clock, ...milliseconds });
/** `Nov 23` */
export const formatDay = (at: number): string => format("day", at, day);
/** `Nov 23, 14:02` */
export const formatDayAndClock = (at: number): string => format("dayAndClock", at, { ...day, ...hourMinute });
/** `Nov 23, 2026, 14:02`: where the year may be another one. */
export const formatDate = (at: number): string =>
  format("date", at, { ...day, year: "numeric", ...hourMinute });
/** With date, milliseconds and zone: what a hover shows. */
export const formatFull = (at: number): string =>
  format("full", at, {
    weekday: "short",
    ...day,
    year: "numeric",
    ...clock,
    ...milliseconds,
    timeZoneName: "short",
  });

const isSameDay = (one: number, other: number): boolean =>
  format("wholeDay", one, { ...day, year: "numeric" }) ===
  format("wholeDay", other, { ...day, year: "numeric" });

/** `14:02:07` on the day of `now`, otherwise with its day: `Nov 24, 14:02:07`; and with the year where that is another one. */
export function formatMoment(at: number, now: number): string {
  if (isSameDay(at, now)) return formatClock(at);
  return format("year", at, { year: "numeric" }) === format("year", now, { year: "numeric" })
    ? format("moment", at, { ...day, ...clock })
    : format("yearAndMoment", at, { ...day, year: "numeric", ...clock });
}
