const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const clockMs = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const full = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
  timeZoneName: "short",
});

/** `14:02:07` */
export const formatClock = (at: number): string => clock.format(at);
/** `14:02:07.318` */
export const formatClockMs = (at: number): string => clockMs.format(at);
/** `Nov 23, 14:02` */
export const formatDayAndClock = (at: number): string => dayAndClock.format(at);
/** With date, milliseconds and zone: what a hover shows. */
export const formatFull = (at: number): string => full.format(at);
