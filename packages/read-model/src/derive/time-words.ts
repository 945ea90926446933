import { dayOf } from "../day.ts";

/** `850 ms`, `1.2 s`, `3 min 12 s`, `2 h 5 min`, `3 days 4 h`. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${trimZero((ms / 1_000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two(hours, "h", minutes % 60, "min");
  const days = Math.floor(hours / 24);
  return two(days, days === 1 ? "day" : "days", hours % 24, "h");
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

function trimZero(text: string): string {
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const day = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
});
/** `14:02:07 UTC` on the day of `now`, otherwise `Mon 2 Nov 09:00 UTC`, with the year when it is another one. */
export function momentWords(at: number, now: number): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return "an impossible time";
  const time = clock.format(at);
  if (dayOf(at) === dayOf(now)) return `${time} UTC`;
  const date = day.format(at).replace(",", "");
  const year = new Date(at).getUTCFullYear();
  const inYear = year === new Date(now).getUTCFullYear() ? date : `${date} ${year}`;
  return `${inYear} ${time.slice(0, 5)} UTC`;
}
