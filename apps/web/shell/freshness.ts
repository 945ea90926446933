import type { LiveState } from "@/live/live-connection.ts";
import { formatClock } from "../lib/absolute-time.ts";
import { formatDuration } from "../lib/duration.ts";
import { earlierSentence } from "../lib/earlier-sentence.ts";
import { plural } from "../lib/number.ts";

export interface FreshnessLook {
  readonly tone: "live" | "behind" | "away";
  readonly text: string;
  /** The part that changes every second, set in quiet type. */
  readonly detail?: string;
}

const noticeableMs = 3_000;

/** How far what is on the screen can be trusted, in words. */
export function describeFreshness({ connection, freshness }: LiveState, now: number): FreshnessLook {
  if (freshness === undefined)
    return { tone: "away", text: connection === "connecting" ? "connecting…" : "reconnecting…" };
  const asOf = `as of ${formatClock(freshness.completeTo)}`;
  if (connection === "paused") return { tone: "away", text: "paused", detail: asOf };
  if (connection !== "open") return { tone: "away", text: "reconnecting…", detail: asOf };
  const lag = now - freshness.completeTo;
  if (freshness.behind > 0 && lag > noticeableMs)
    return {
      tone: "behind",
      text: `behind by ${formatDuration(Math.round(lag / 1_000) * 1_000)}`,
      detail: `${plural(freshness.behind, "record")} to read`,
    };
  if (!freshness.live) return { tone: "behind", text: "not live", detail: asOf };
  return { tone: "live", text: "live", detail: `complete to ${formatClock(freshness.completeTo)}` };
}

/** What is not there and why, in a sentence; `undefined` when all is well. */
export function describeTrouble({ connection, freshness }: LiveState): string | undefined {
  if (connection === "reconnecting")
    return "The server can't be reached. What is shown stays as it was, and goes on by itself when the server is back.";
  if (connection !== "open") return undefined;
  // The same as the note, with times as they are here.
  if (freshness?.live === true && freshness.undecided === undefined)
    return earlierSentence(freshness.earlier) ?? freshness.note;
  return freshness?.note;
}
