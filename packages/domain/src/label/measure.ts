/** What a label's text says when it is a number or a time. */
export interface Measure {
  readonly kind: "number" | "time";
  /** Of a time ms since the epoch. */
  readonly size: number;
}

const number = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;
const time =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d\d:\d\d)?$/i;

/** A day is its beginning; a day or a time that names no zone is UTC's, whoever asks. */
export function measureOf(text: string): Measure | undefined {
  const trimmed = text.trim();
  if (number.test(trimmed)) {
    const size = Number(trimmed);
    return Number.isFinite(size) ? { kind: "number", size } : undefined;
  }
  const size = timeOf(trimmed);
  return size === undefined ? undefined : { kind: "time", size };
}

/** Less than 0 when the first is smaller; a number is neither smaller nor greater than a time, nor the same. */
export function compared(one: Measure, other: Measure): number {
  return one.kind === other.kind ? one.size - other.size : Number.NaN;
}

function timeOf(text: string): number | undefined {
  const parts = time.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Number((parts[7] ?? "").padEnd(3, "0"));
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):(\d\d)$/.exec(parts[8] ?? "") ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  return ((daysTo(year, month, day) * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1_000 + ms;
}

function lengthOf(year: number, month: number): number {
  return month === 12 ? 31 : daysTo(year, month + 1, 1) - daysTo(year, month, 1);
}

/** Days since 1 January 1970, by a calendar whose years begin in March, so that a leap day is a year's last. */
function daysTo(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 719_469;
}
