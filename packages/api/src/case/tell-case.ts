import type { CaseLine, CaseView, EventView, RunView } from "../views.ts";
import { type CaseAudience, tellEvent } from "./tell-event.ts";
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
  const listener = { audience, maySeePayloads, words, rows };
  const all = events.flatMap((view): CaseLine[] => {
    const text = tellEvent(view, listener);
    const { seq, at } = view;
    return text === undefined ? [] : [{ seq, at, stamp: words.stamp(at), text }];
  });
  const lines = all.slice(-mostCaseLines);
  const title = spoken(run.workflow === "" ? run.runId : run.workflow);
  const summary = summaryOf(run, words, audience);
  const notes = notesOf(run, events.length, all.length, words, audience);
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

function notesOf(
  run: Told["run"],
  events: number,
  told: number,
  words: Words,
  audience: CaseAudience,
): readonly string[] {
  if (events === 0) return [words.say("empty")];
  if (audience === "customer") return [];
  const notes: string[] = [];
  if (run.missing !== undefined) notes.push(words.say("missing"));
  if (told > mostCaseLines) notes.push(words.say("earlierLeftOut", { count: told - mostCaseLines }));
  if (events > told) notes.push(words.say("leftOut", { count: events - told }));
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
