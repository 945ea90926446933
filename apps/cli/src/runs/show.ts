import type { EventPage, ShownRunView, TimelineRow } from "@downbeat/api/views";
import { causeWords, failureWords } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, duration, freshnessNote, labelWords, momentWords } from "../output/words.ts";

interface Options extends ApiOptions {
  readonly events: boolean;
  readonly reveal?: string;
}

export function showCommand(): Command {
  return withApi(
    new Command("show")
      .description("Show one run: what happened, and what it waits for")
      .argument("<runId>")
      .option("--events", "every event, as a sentence", false)
      .option("--reveal <reason>", "show personal data, too; the reason is recorded in the audit"),
  ).action(showRun);
}

async function showRun(runId: string, options: Options): Promise<void> {
  const { json, events, reveal } = options;
  if (reveal !== undefined) await ask(options, (api) => api.runs.reveal.mutate({ runId, reason: reveal }));
  if (events) {
    const page = await ask(options, async (api) => {
      const all: EventPage["events"][number][] = [];
      for (;;) {
        const next = await api.runs.events.query({ runId, afterSeq: all.at(-1)?.seq ?? 0, limit: 2_000 });
        all.push(...next.events);
        if (next.events.length === 0 || all.length >= next.total) return { ...next, events: all };
      }
    });
    return json ? printJson({ runId, ...page }) : printEvents(page);
  }
  const run = await ask(options, (api) => api.runs.get.query({ runId }));
  if (json) printJson(run);
  else printRun(run);
}

function printRun(run: ShownRunView): void {
  const now = Date.now();
  const lines = [
    `${plain(run.runId)}  ${plain(run.workflow)}  ${run.shown}`,
    ...(run.why === undefined ? [] : [plain(run.why)]),
    ...(run.failure?.causes ?? []).map(
      (cause) => `${"  ".repeat(cause.depth)}caused by ${plain(causeWords(cause))}`,
    ),
    "",
    `Started   ${ago(run.startedAt, now)}${run.startedBy === undefined ? "" : ` by ${plain(run.startedBy)}`}`,
    ...(run.endedAt === undefined ? [] : [`Took      ${duration(run.endedAt - run.startedAt)}`]),
    ...(Object.keys(run.labels).length === 0 ? [] : [`Labels    ${plain(labelWords(run.labels))}`]),
    `Input     ${plain(run.input)}`,
    ...(run.inputDigest === undefined ? [] : [`Digest    ${run.inputDigest} (of the input)`]),
    ...(run.output === undefined ? [] : [`Output    ${plain(run.output)}`]),
  ];
  printLine(lines.join("\n"));
  if (run.rows.length > 0) {
    printLine(
      `\n${table(
        ["ID", "WHAT", "STATUS", "AFTER", "TOOK", ""],
        run.rows.map((row) => timelineRow(row, run.startedAt, run.damaged?.since ?? now)),
      )}`,
    );
  }
  if (run.ledger.length > 0) {
    printLine(
      `\n${table(
        ["UNDO", "STATUS", "OF"],
        run.ledger.map(({ jobType, status, undoes }) => [jobType, status, undoes ?? ""]),
      )}`,
    );
  }
  if (run.actions.length > 0) {
    const rows = run.actions.map(({ at, actor, verb, jobId, outcome, reason }) => [
      ago(at, now),
      actor,
      verb,
      jobId ?? "",
      outcome.type,
      outcome.type === "refused" ? outcome.message : reason,
    ]);
    printLine(`\n${table(["WHEN", "WHO", "DID", "JOB", "OUTCOME", "WHY"], rows)}`);
  }
  if (run.masked !== undefined) printLine(`\n${maskedNote(run.masked.until, now)}`);
  const note = freshnessNote(run.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function maskedNote(until: number | undefined, now: number): string {
  return until === undefined
    ? `What is personal is masked (•••). To see it, if you may: --reveal "why".`
    : `What is personal is shown to you for ${duration(until - now)} more.`;
}

function timelineRow(row: TimelineRow, startedAt: number, now: number): string[] {
  const after = `+${duration(row.from - startedAt)}`;
  const took = duration((row.to ?? now) - row.from);
  switch (row.kind) {
    case "job": {
      const attempts =
        row.attempts.length > 1 ? `attempt ${row.attempts.length} of ${row.maxAttempts}  ` : "";
      const failure = row.failure === undefined ? "" : failureWords(row.failure);
      const what = row.undoes === undefined ? row.jobType : `${row.jobType} (undoes ${row.undoes})`;
      return [row.rowId, what, row.status, after, took, `${attempts}${failure}`];
    }
    case "timer":
      return [row.rowId, "sleep", row.status, after, took, `until ${momentWords(row.dueAt)}`];
    case "signal":
      return [row.rowId, `signal ${row.name}`, row.status, after, took, row.payload ?? ""];
  }
}

function printEvents({ events, freshness }: EventPage): void {
  const rows = events.map(({ seq, at, event, sentence }) => [
    String(seq),
    momentWords(at),
    event.type,
    sentence,
  ]);
  printLine(table(["#", "AT", "EVENT", "WHAT"], rows));
  const note = freshnessNote(freshness);
  if (note !== undefined) printLine(`\n${note}`);
}
