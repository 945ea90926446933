import type { EventView, RunView } from "@downbeat/api/views";
import { formatClockMs, formatDay, formatFull } from "../../../lib/absolute-time.ts";
import { formatDuration } from "../../../lib/duration.ts";
import { plural } from "../../../lib/number.ts";
import { lookOfRun } from "../../../lib/status.ts";
import { timedText } from "../../../lib/timed-text.ts";

/**
 * The run in plain words, a sentence an event, for a message to a colleague: what it is, how it stands, and what happened when, by the clocks of the page.
 *
 * @param now what "since" and "ago" are told by
 */
export function historyText(run: RunView, events: readonly EventView[], now: number): string {
  const { startedAt, endedAt } = run;
  const labels = Object.entries(run.labels).map(([key, value]) => `${key} ${value}`);
  const head = [
    `${run.runId}: ${[run.workflow, lookOfRun(run.shown).word.toLowerCase()].filter(Boolean).join(", ")}`,
    `Started ${formatFull(startedAt)}${run.startedBy === undefined ? "" : ` by ${run.startedBy}`}`,
    endedAt === undefined
      ? `Running for ${formatDuration(Math.max(0, now - startedAt))}`
      : `Ended ${formatFull(endedAt)}, after ${formatDuration(endedAt - startedAt)}`,
    ...(labels.length === 0 ? [] : [`Labels: ${labels.join(", ")}`]),
    ...(run.why === undefined ? [] : [timedText(run.why, run.whyTimes, now)]),
    plural(events.length, "event"),
  ];
  let day = formatDay(startedAt);
  const lines: string[] = [];
  const numbers = String(events.at(-1)?.seq ?? 0).length;
  for (const { seq, at, sentence, sentenceTimes } of events) {
    const today = formatDay(at);
    if (today !== day) lines.push("", `${today}:`);
    day = today;
    const told = timedText(sentence, sentenceTimes, now);
    lines.push(
      `${String(seq).padStart(numbers)}  ${formatClockMs(at)}  ${`+${formatDuration(at - startedAt)}`.padEnd(9)}  ${told.replaceAll(/\s*\n\s*/g, " ")}`,
    );
  }
  return `${head.map((line) => line.replaceAll(/\s*\n\s*/g, " ")).join("\n")}\n\n${lines.join("\n")}\n`;
}
