import type { Freshness, RunSummary } from "@downbeat/api/views";

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
  if (ms === undefined) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  // Rounded to what is shown, before it is taken apart: never "60 s".
  if (ms < hour) return parts(Math.round(ms / 1_000), 60, "min", "s");
  if (ms < day) return parts(Math.round(ms / minute), 60, "h", "min");
  return parts(Math.round(ms / hour), 24, "d", "h");
}

function parts(amount: number, per: number, big: string, small: string): string {
  return `${Math.floor(amount / per)} ${big} ${amount % per} ${small}`;
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
  return part === undefined ? "–" : `${(part * 100).toFixed(1)} %`;
}

/** Said only when there is something to say. */
export function freshnessNote({ live, note, completeTo }: Freshness): string | undefined {
  if (live) return note;
  const to = completeTo === 0 ? "" : ` Complete to ${new Date(completeTo).toISOString()}.`;
  return `${note ?? "The answer may be old."}${to}`;
}
