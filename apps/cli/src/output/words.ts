import type { Freshness, RunSummary } from "@downbeat/api/views";
import { durationWords, rateWords } from "@downbeat/domain";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function ago(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  if (ms < 5_000) return "now";
  if (ms < minute) return `${Math.round(ms / 1_000)} s ago`;
  if (ms < hour) return `${Math.round(ms / minute)} min ago`;
  if (ms < 2 * day) return `${Math.round(ms / hour)} h ago`;
  return `${Math.round(ms / day)} days ago`;
}

export function duration(ms: number | undefined): string {
  return ms === undefined ? "–" : durationWords(ms);
}

const longestId = 24;

/** Shortened in the middle, where a person reads; whole where a program does. */
export function shortId(id: string, whole: boolean): string {
  return whole || id.length <= longestId ? id : `${id.slice(0, 12)}…${id.slice(-8)}`;
}

export function labelWords(labels: RunSummary["labels"]): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}

export function percent(part: number | undefined): string {
  return part === undefined ? "–" : rateWords(part);
}

/** Data may hold any number: one that is no time is shown as it is. */
export function momentWords(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}

/** Said only when there is something to say. */
export function freshnessNote({ live, note, completeTo }: Freshness): string | undefined {
  if (live) return note;
  const to = completeTo === 0 ? "" : ` Complete to ${new Date(completeTo).toISOString()}.`;
  return `${note ?? "The answer may be old."}${to}`;
}
