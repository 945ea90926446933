/** What the clocks of a time zone show, and when they show it. */

/** The zone as it is usually written; `undefined` for text that names none. */
export function parseZone(text: string | null | undefined): string | undefined {
  if (!text || text.length > 60) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of the zone are ahead of UTC at that time, ms. */
export function zoneOffset(at: number, timeZone: string): number {
  // Beyond what a date can be (ECMA-262, 21.4.1.1), no clock shows anything.
  if (timeZone === "UTC" || !Number.isFinite(new Date(at).getTime())) return 0;
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  clocks.set(timeZone, clock);
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const year = parts.get("era") === "BC" ? 1 - part("year") : part("year");
  const wall = new Date(0);
  wall.setUTCFullYear(year, part("month") - 1, part("day"));
  wall.setUTCHours(part("hour"), part("minute"), part("second"));
  return wall.getTime() - Math.floor(at / 1_000) * 1_000;
}

/** When the clocks of the zone show what UTC's show at `wall`. A time that a clock change leaves out is the one after it. */
export function fromWallTime(wall: number, timeZone: string): number {
  const before = wall - zoneOffset(wall - 86_400_000, timeZone);
  if (zoneOffset(before, timeZone) === wall - before) return before;
  const after = wall - zoneOffset(wall + 86_400_000, timeZone);
  return zoneOffset(after, timeZone) === wall - after ? after : before;
}
