import { fromWallTime as fromWallTimeIn, zoneOffset as offsetIn, parseZone } from "@downbeat/api/zone";

export { parseZone } from "@downbeat/api/zone";

export const zoneCookie = "zone";

/** The time zone of all that this page shows: the reader's own until another one is chosen. */
let shown: string | undefined;

/** @param zone an IANA name; `undefined`: the reader's own */
export function showTimesOf(zone: string | undefined): void {
  shown = zone;
}

export function shownZone(): string {
  return shown ?? ownZone();
}

export function ownZone(): string {
  // Some browsers have a name for not knowing, which is none to anybody else.
  return parseZone(new Intl.DateTimeFormat().resolvedOptions().timeZone) ?? "UTC";
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format of the reader's language, in the zone that is shown. */
export function zonedFormat(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const timeZone = shownZone();
  const key = `${name} ${timeZone}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(undefined, { ...options, timeZone });
  formats.set(key, known);
  return known;
}

/** What the clocks of the zone are ahead of UTC at that time, ms. */
export function zoneOffset(at: number, timeZone = shownZone()): number {
  return offsetIn(at, timeZone);
}

/** When the clocks of the zone show what UTC's show at `wall`. A time that a clock change leaves out is the one after it. */
export function fromWallTime(wall: number, timeZone = shownZone()): number {
  return fromWallTimeIn(wall, timeZone);
}
