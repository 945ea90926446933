import type { CaseLine, CaseView, EventView, RunView } from "../views.ts";
import { type CaseAudience, isTold, type Listener, tellEvent } from "./tell-event.ts";
import { spoken, type Words } from "./words.ts";

export interface Told {
  readonly run: Omit<RunView, "freshness">;
  readonly events: readonly EventView[];
  readonly words: Words;
  readonly audience: CaseAudience;
  readonly maySeePayloads: boolean;
}

/** More is no case that anybody reads: the newest are told. */
export const mostCaseLines = 2_000;

/** A run in plain language, for people who don't know what an event is. */
export function tellCase({
  run,
  events,
  words,
  audience,
  maySeePayloads,
}: Told): Omit<CaseView, "freshness"> {
  const rows = new Map(run.rows.map((row) => [row.rowId, row]));
  const { lines, earlier } = newestLines(events, words, { audience, maySeePayloads, words, rows });
  const title = spoken(run.workflow === "" ? run.runId : run.workflow);
  const summary = summaryOf(run, words, audience);
  const technical = events.length - lines.length - earlier;
  const notes = notesOf({ run, words, audience, isEmpty: events.length === 0, earlier, technical });
  return {
    runId: run.runId,
    workflow: run.workflow,
    shown: run.shown,
    labels: run.labels,
    language: words.language,
    audience,
    title,
    summary,
    lines,
    notes,
    text: textOf({ run, title, summary, lines, notes, words, audience }),
  };
}

/** Of those before them, only how many there are: words are what a long case costs. */
function newestLines(
  events: readonly EventView[],
  words: Words,
  listener: Listener,
): { readonly lines: readonly CaseLine[]; readonly earlier: number } {
  const lines: CaseLine[] = [];
  let earlier = 0;
  for (const view of events.toReversed()) {
    if (lines.length === mostCaseLines) {
      if (isTold(view, listener)) earlier++;
      continue;
    }
    const text = tellEvent(view, listener);
    const { seq, at } = view;
    if (text !== undefined) lines.push({ seq, at, stamp: words.stamp(at), text });
  }
  return { lines: lines.reverse(), earlier };
}

function summaryOf(run: Told["run"], words: Words, audience: CaseAudience): string {
  const { shown, startedAt, endedAt, damaged, compensations } = run;
  const moment = words.moment(endedAt ?? startedAt);
  const duration = words.duration((endedAt ?? startedAt) - startedAt);
  const sentences = [words.say(summaryKey(shown, damaged !== undefined, audience), { moment, duration })];
  if (compensations !== undefined) {
    const owed = compensations.owed + compensations.failed;
    if (compensations.undone > 0) sentences.push(words.say("undone", { count: compensations.undone }));
    if (owed > 0) sentences.push(words.say("owed", { count: owed }));
  }
  return sentences.join(" ");
}

function summaryKey(shown: RunView["shown"], isDamaged: boolean, audience: CaseAudience) {
  const isToCustomer = audience === "customer";
  if (isDamaged) return isToCustomer ? "summaryLookedInto" : "summaryDamaged";
  switch (shown) {
    case "completed":
      return "summaryCompleted";
    case "failed":
      return "summaryFailed";
    case "cancelled":
      return "summaryCancelled";
    case "terminated":
      return "summaryTerminated";
    case "stuck":
      return isToCustomer ? "summaryLookedInto" : "summaryStuck";
    default:
      return "summaryOpen";
  }
}

interface LeftOut extends Pick<Told, "run" | "words" | "audience"> {
  readonly isEmpty: boolean;
  /** Than the lines, and worth one. */
  readonly earlier: number;
  readonly technical: number;
}

function notesOf({ run, words, audience, isEmpty, earlier, technical }: LeftOut): readonly string[] {
  const notes: string[] = [];
  if (run.missing !== undefined) notes.push(words.say("missing"));
  else if (isEmpty) notes.push(words.say("empty"));
  if (audience === "customer") return notes;
  if (earlier > 0) notes.push(words.say("earlierLeftOut", { count: earlier }));
  if (technical > 0) notes.push(words.say("leftOut", { count: technical }));
  return notes;
}

type Parts = Pick<CaseView, "title" | "summary" | "lines" | "notes" | "audience"> & {
  readonly run: Told["run"];
  readonly words: Words;
};

function textOf({ run, title, summary, lines, notes, audience }: Parts): string {
  const labels = Object.entries(run.labels).map(([key, value]) => `${key}: ${value}`);
  const head = audience === "customer" ? title : `${title} (${run.runId})`;
  return [
    head,
    ...(labels.length === 0 ? [] : [labels.join(", ")]),
    summary,
    "",
    ...lines.map(({ stamp, text }) => `${stamp}  ${text}`),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ].join("\n");
}
