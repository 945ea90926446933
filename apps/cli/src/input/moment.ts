import { InvalidArgumentError } from "commander";

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `24h`, `7d`, in ms. */
export function span(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  if (amount === undefined || factor === undefined)
    throw new InvalidArgumentError("Give a duration such as 90s, 15m, 24h or 7d.");
  return Math.round(Number(amount) * factor);
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * ISO 8601, or a span back from now. In ms since the epoch. A day is its beginning; a day or a time that names no zone is one of this machine's (`TZ`), where
 * JavaScript would take the day for UTC's and the time for the machine's.
 */
export function moment(text: string, now = Date.now()): number {
  const at = isoMoment(text.trim());
  if (at !== undefined) return at;
  try {
    return Math.max(0, now - span(text));
  } catch {
    throw new InvalidArgumentError(
      "Give a time such as 2026-11-02T09:00Z or 2026-11-02T09:00 (in this machine's time zone), a day such as 2026-11-02, or how long ago, such as 24h.",
    );
  }
}

function isoMoment(text: string): number | undefined {
  const parts = iso.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((parts[7] ?? "").padEnd(3, "0"));
  const zone = parts[8]?.toUpperCase();
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  // 30 February would be in March.
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  if (zone === undefined) {
    const local = new Date(0);
    local.setFullYear(year, month - 1, day);
    return local.setHours(hour, minute, second, ms);
  }
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
  return utc.setUTCHours(hour, minute, second, ms) - offset;
}

/** A moment that is to come, or `never`. A span is one from now on. */
export function momentAhead(text: string): number | "never" {
  if (text === "never") return text;
  const now = Date.now();
  let ahead: number;
  try {
    ahead = now + span(text);
  } catch {
    ahead = moment(text, now);
  }
  if (ahead <= now) throw new InvalidArgumentError("Give a time in the future.");
  return ahead;
}
