import type { IncomingHttpHeaders } from "node:http";
import { longestRetryAfterMs } from "@downbeat/domain";

/** What the service's `Retry-After` asks for: seconds, or a date by its own clock. At most a day; nothing where it says nothing that can be read. */
export function retryAfterMs({ "retry-after": text, date }: IncomingHttpHeaders): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : untilDate(text, date);
  return ms === undefined ? undefined : Math.min(ms, longestRetryAfterMs);
}

function untilDate(text: string, date: string | undefined): number | undefined {
  const at = httpDate(text);
  if (at === undefined) return undefined;
  return Math.max(0, at - (httpDate(date) ?? Date.now()));
}

/** A number alone would be taken for a year. */
function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
