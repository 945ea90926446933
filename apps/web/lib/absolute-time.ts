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

const inSentences = /\b(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?(?: UTC|Z)/g;

/** A sentence of the server, which tells times in UTC, with the times as they are here: `Sleeping until Nov 27, 14:51:04`. */
export function withLocalTimes(sentence: string): string {
  return sentence.replaceAll(inSentences, (text, date: string, time: string) => {
    const at = Date.parse(`${date}T${time}Z`);
    if (!isTime(at)) return text;
    return format("sentence", at, { ...day, year: "numeric", ...clock });
  });
}
