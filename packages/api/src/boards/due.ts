import { fromWallTime, zoneOffset } from "@downbeat/read-model/zone";

export interface Weekly {
  /** 1 is Monday. */
  readonly weekday: number;
  /** Of the zone's clocks, 0 to 23. */
  readonly hour: number;
  readonly timeZone: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** When it was due last, ms since the epoch. An hour that a change of clocks leaves out is the one after it. */
export function lastDue({ weekday, hour, timeZone }: Weekly, now: number): number {
  const today = Math.floor((now + zoneOffset(now, timeZone)) / dayMs);
  // The epoch began on a Thursday.
  const weekdayNow = ((((today + 3) % 7) + 7) % 7) + 1;
  const day = today - ((weekdayNow - weekday + 7) % 7);
  const due = fromWallTime(day * dayMs + hour * hourMs, timeZone);
  return due <= now ? due : fromWallTime((day - 7) * dayMs + hour * hourMs, timeZone);
}
