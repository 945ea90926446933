import type { TimerKind, TimerView } from "@downbeat/api/views";
import { Command, InvalidArgumentError } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { moment, span } from "../input/moment.ts";
import { list, whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, freshnessNote, momentWords, shortId } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly kind?: string[];
  readonly type?: string;
  readonly workflow?: string;
  readonly run?: string;
  readonly within?: number;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly cursor?: string;
  readonly wide: boolean;
}

export function listTimersCommand(): Command {
  return withExport(
    withApi(
      new Command("list")
        .description(
          "List sleeps, waits for signals with a time-out, back-offs and deadlines, next due first",
        )
        .option("--kind <list>", "sleep, signal, backOff, deadline; separate several with commas", list)
        .option("--type <name>", "back-offs and deadlines of this job type")
        .option("--workflow <name>", "of this workflow's runs")
        .option("--run <runId>", "of this run")
        .option("--within <span>", "due within this time from now, such as 24h; 0s for what is overdue", span)
        .option("--from <time>", "due from this time", time)
        .option("--to <time>", "due before this time", time)
        .option("--limit <number>", "how many to show at most", whole(1, 500), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer")
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(listTimers);
}

/** Moments ahead are named as such: a span back from now would be none. */
export function time(text: string): number {
  if (/^\d+(\.\d+)?[smhd]$/.test(text.trim()))
    throw new InvalidArgumentError("Give a time such as 2026-11-02T09:00Z, or a day such as 2026-11-02.");
  return moment(text);
}

async function listTimers(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined)
    return writeList(options, { list: "timers", query: queryOf(options, Date.now()), format });
  const { limit, cursor } = options;
  const now = Date.now();
  const answer = await ask(options, (api) =>
    api.timers.list.query({
      limit,
      ...queryOf(options, now),
      ...(cursor !== undefined && { cursor }),
    }),
  );
  if (options.json) return printJson(answer);
  const wholeIds = options.wide || process.stdout.isTTY !== true;
  const rows = answer.timers.map((timer) => [
    dueWords(timer.dueAt, now),
    momentWords(timer.dueAt),
    shortId(timer.runId, wholeIds),
    timer.id,
    timer.kind,
    detail(timer),
  ]);
  if (rows.length === 0) printLine("No matches.");
  else printLine(table(["DUE", "AT", "RUN", "ID", "KIND", "OF"], rows));
  if (answer.cursor !== undefined) {
    const count = `${answer.countIsLowerBound ? "at least " : ""}${answer.count}`;
    printLine(`\n${rows.length} of ${count}. Next page: --cursor ${answer.cursor}`);
  }
  const note = freshnessNote(answer.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function queryOf({ kind, type, workflow, run, within, from, ...options }: Options, now: number) {
  const to = options.to ?? (within === undefined ? undefined : now + within);
  return {
    // The server says which of them it knows.
    ...(kind !== undefined && { kind: kind as TimerKind[] }),
    ...(type !== undefined && { jobType: type }),
    ...(workflow !== undefined && { workflow }),
    ...(run !== undefined && { runId: run }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function detail({ kind, name = "", workflow, attempt, maxAttempts }: TimerView): string {
  if (kind === "sleep") return workflow;
  if (kind === "signal") return `signal ${name}`;
  return `${name}, attempt ${attempt} of ${maxAttempts}`;
}

function dueWords(dueAt: number, now: number): string {
  if (dueAt <= now) return ago(dueAt, now);
  const words = ago(now, dueAt);
  return words === "now" ? words : `in ${words.replace(/ ago$/, "")}`;
}
