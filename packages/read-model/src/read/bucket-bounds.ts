import { fromWallTime, zoneOffset } from "../zone.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Where the buckets of a period begin, and where the last of them ends: at round times on the clocks of the zone, days at its midnights, so that the one in which clocks are
 * changed is shorter or longer than the others. All are whole minutes of UTC, as the figures are.
 */
export function bucketBounds(from: number, to: number, lengthMs: number, timeZone = "UTC"): number[] {
  return lengthMs <= hourMs
    ? shortBounds(from, to, lengthMs, timeZone)
    : longBounds(from, to, lengthMs, timeZone);
}

/** An hour that the clocks show twice is two. */
function shortBounds(from: number, to: number, lengthMs: number, timeZone: string): number[] {
  const boundBefore = (at: number): number => at - mod(at + offset(at, timeZone), lengthMs);
  const bounds = [boundBefore(from)];
  for (let last = bounds[0] ?? from; last < to || bounds.length < 2; bounds.push(last)) {
    const next = boundBefore(last + lengthMs);
    last = next > last ? next : next + lengthMs;
  }
  return bounds;
}

function longBounds(from: number, to: number, lengthMs: number, timeZone: string): number[] {
  const boundOf = (index: number): number => {
    const at = fromWallTime(index * lengthMs, timeZone);
    return at - mod(at, minuteMs);
  };
  let index = Math.floor((from + offset(from, timeZone)) / lengthMs);
  while (boundOf(index) > from) index--;
  const bounds = [boundOf(index)];
  for (let last = bounds[0] ?? from; last < to || bounds.length < 2; ) {
    const next = boundOf(++index);
    // A day that a zone left out has no length.
    if (next > last) bounds.push((last = next));
  }
  return bounds;
}

/** Long ago, clocks went by the sun, to the second: figures are kept by the minute. */
function offset(at: number, timeZone: string): number {
  return Math.round(zoneOffset(at, timeZone) / minuteMs) * minuteMs;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
