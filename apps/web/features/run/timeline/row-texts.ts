import type { TimelineRow } from "@downbeat/api/views";
import { CirclePause, CircleQuestionMark } from "lucide-react";
import { formatClock, formatDay, formatDayAndClock } from "../../../lib/absolute-time.ts";
import { serverNow } from "../../../lib/clock.ts";
import { plural } from "../../../lib/number.ts";
import { jobStatus, lookOfJob, runStatus, type StatusLook } from "../../../lib/status.ts";
import type { ShownRow } from "./still-rows.ts";

export function rowName(row: TimelineRow): string {
  switch (row.kind) {
    case "job":
      return row.jobType;
    case "timer":
      return row.status === "waiting"
        ? `Sleeps until ${shortTime(row.dueAt)}`
        : `Slept until ${shortTime(row.dueAt)}`;
    case "signal":
      return `Signal “${row.name}”`;
    default:
      return "Unknown";
  }
}

function shortTime(at: number): string {
  return formatDay(at) === formatDay(serverNow()) ? formatClock(at) : formatDayAndClock(at);
}

export function rowLook(row: ShownRow): StatusLook {
  if (row.isStill !== undefined) return stillLooks[row.isStill];
  switch (row.kind) {
    case "job":
      return lookOfJob(row.status);
    case "timer": {
      if (row.status === "waiting") return { ...runStatus.waiting, meaning: "The run sleeps." };
      return row.status === "fired"
        ? { ...jobStatus.completed, word: "Fired", meaning: "The time came." }
        : { ...jobStatus.cancelled, meaning: "The run ended before the time came." };
    }
    case "signal": {
      if (row.status === "awaited")
        return { ...runStatus.waiting, meaning: "The run waits for this signal." };
      if (row.status === "delivered")
        return { ...jobStatus.completed, word: "Received", meaning: "The code got it." };
      if (row.status === "buffered")
        return { ...runStatus.waiting, word: "Kept", meaning: "It came before the code waited for it." };
      if (row.status === "passedOver") {
        const meaning = "It did not fit what the code expects, so the code waits for another one.";
        return { ...jobStatus.failed, word: "Passed over", meaning };
      }
      if (row.status === "timedOut")
        return { ...jobStatus.failed, word: "Timed out", meaning: "It did not come in time." };
      return { ...jobStatus.cancelled, word: "Ended", meaning: "The wait ended with the run." };
    }
    default:
      return {
        ...jobStatus.abandoned,
        word: "Unknown",
        meaning: "This page does not know rows of this kind.",
      };
  }
}

const stillLooks: Readonly<Record<NonNullable<ShownRow["isStill"]>, StatusLook>> = {
  setAside: {
    word: "Set aside",
    icon: CirclePause,
    tone: "ended",
    meaning: "Nothing goes on in its run until that is repaired.",
  },
  newer: {
    word: "Not known",
    icon: CircleQuestionMark,
    tone: "ended",
    meaning: "This server can't read how it goes on.",
  },
};

export function attemptsText(row: TimelineRow): string | undefined {
  if (row.kind !== "job" || row.attempts.length < 2) return undefined;
  return plural(row.attempts.length, "attempt");
}
