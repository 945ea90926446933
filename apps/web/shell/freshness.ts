import type { FreshnessPart } from "@downbeat/api/views";
import type { LiveState } from "@/live/live-connection.ts";
import { formatClock } from "../lib/absolute-time.ts";
import { formatDuration } from "../lib/duration.ts";
import { earlierSentence } from "../lib/earlier-sentence.ts";
import { known } from "../lib/known.ts";
import { plural } from "../lib/number.ts";

export interface FreshnessLook {
  /** `broken`: something that what is shown depends on does not do what it should. */
  readonly tone: "live" | "broken" | "away";
  readonly text: string;
  /** The part that changes every second, set in quiet type. */
  readonly detail?: string;
}

const noticeableMs = 3_000;

/** How far what is on the screen can be trusted, in words. */
export function describeFreshness({ connection, freshness, parts }: LiveState, now: number): FreshnessLook {
  if (freshness === undefined)
    return { tone: "away", text: connection === "connecting" ? "connecting…" : "reconnecting…" };
  const asOf = `as of ${formatClock(freshness.completeTo)}`;
  if (connection === "paused") return { tone: "away", text: "paused", detail: asOf };
  if (connection !== "open") return { tone: "broken", text: "reconnecting…", detail: asOf };
  const broken = (parts ?? []).filter(({ part, isLive }) => !isLive && part !== "readModel");
  const lag = now - freshness.completeTo;
  if (freshness.behind > 0 && lag > noticeableMs)
    return {
      tone: "broken",
      text: `behind by ${formatDuration(Math.round(lag / 1_000) * 1_000)}`,
      detail: `${plural(freshness.behind, "record")} to read`,
    };
  if (broken.length > 0)
    return {
      tone: "broken",
      text: broken.map(({ part }) => troubleOf(part, freshness)).join(", "),
      detail: asOf,
    };
  if (!freshness.live) return { tone: "broken", text: "not live", detail: asOf };
  return { tone: "live", text: "live", detail: `complete to ${formatClock(freshness.completeTo)}` };
}

type Part = FreshnessPart["part"];

export const partNames: Readonly<Record<Part, string>> = {
  log: "Log",
  decisions: "Engine",
  readModel: "Read model",
  pulsarSql: "Pulsar SQL",
  audit: "Audit",
  signatures: "Signatures",
  workers: "Workers",
};

const partTroubles: Readonly<Record<Part, string>> = {
  log: "log away",
  decisions: "engine doesn’t decide",
  readModel: "not live",
  pulsarSql: "Pulsar SQL away",
  audit: "audit not written",
  signatures: "signatures not checked",
  workers: "no worker",
};

function troubleOf(part: Part, { undecided = [] }: NonNullable<LiveState["freshness"]>): string {
  const isUnknown = undecided.length > 0 && undecided.every(({ kind }) => kind === "unknown");
  if (part === "decisions" && isUnknown) return "engine not known";
  return known(partTroubles, part) ?? part;
}

/** What is not there and why, in a sentence; `undefined` when all is well. */
export function describeTrouble({ connection, freshness, parts }: LiveState): string | undefined {
  if (connection === "reconnecting")
    return "The server can't be reached. What is shown stays as it was, and goes on by itself when the server is back.";
  if (connection !== "open") return undefined;
  const unwritten = parts?.find(({ part, isLive }) => part === "audit" && !isLive)?.words;
  // The same as the note, with times as they are here.
  if (freshness?.live === true && freshness.undecided === undefined)
    return earlierSentence(freshness.earlier) ?? freshness.note ?? unwritten;
  return freshness?.note ?? unwritten;
}
