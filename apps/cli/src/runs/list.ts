import type { RunFilter, RunList, RunSummary, ShownStatus } from "@downbeat/api/views";
import type { LabelClause } from "@downbeat/domain";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { moment, span } from "../input/moment.ts";
import { conditions, list, whole, withApi } from "../input/options.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, duration, freshnessNote, labelWords, shortId } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly status?: string[];
  readonly workflow?: string;
  readonly label?: LabelClause[];
  readonly text?: string;
  readonly content?: string;
  readonly from?: number;
  readonly to?: number;
  readonly ended: boolean;
  readonly longerThan?: number;
  readonly shorterThan?: number;
  readonly missed?: number;
  readonly limit: number;
  readonly cursor?: string;
  readonly wide: boolean;
}

export function listCommand(): Command {
  return withExport(
    withApi(
      new Command("list")
        .description("List runs, newest first")
        .option(
          "--status <list>",
          "running, waiting, stuck, completed, failed, cancelled, terminated; separate several with commas",
          list,
        )
        .option("--workflow <name>", "of this workflow")
        .option(
          "--label <condition>",
          "with such a label: key=value, key!=value, key>=100, key<2026-11-02, key=*; joined by OR and AND; repeat for several",
          conditions,
        )
        .option(
          "--text <text>",
          "whose id, workflow or label value, or a word in one of them, begins with this",
        )
        .option(
          "--content <text>",
          "with this text in an input, output, signal or error; runs started in the last 24 hours unless --from is given",
        )
        .option("--from <time>", "started since, such as 24h or 2026-11-02T09:00Z", (text) => moment(text))
        .option("--to <time>", "started before", (text) => moment(text))
        .option("--ended", "apply --from and --to to the end of runs, and sort by it", false)
        .option("--longer-than <span>", "ended, and took this long or longer, such as 90s", span)
        .option("--shorter-than <span>", "ended, and took less", span)
        .option(
          "--missed <span>",
          "ended, and did not complete within this time: completed later, or ended in another way",
          span,
        )
        .option("--limit <number>", "how many to show at most", whole(1, 500), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer")
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(listRuns);
}

async function listRuns(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined)
    return writeList(options, { list: "runs", query: { filter: filterOf(options) }, format });
  const answer = await ask(options, (api) => wholePage(api, options));
  if (options.json) return printJson(answer);
  printRuns(answer, options.wide || process.stdout.isTTY !== true);
}

/** Where matches are rare the server looks at so many runs at a time: it is asked until the page is full. */
async function wholePage(api: Api, options: Options): Promise<RunList> {
  const { limit } = options;
  const filter = filterOf(options);
  const runs: RunSummary[] = [];
  let unsearched = 0;
  for (let { cursor } = options; ; ) {
    const answer = await api.runs.list.query({
      filter,
      limit: limit - runs.length,
      ...(cursor !== undefined && { cursor }),
    });
    runs.push(...answer.runs);
    const { cursor: next, searchedTo, unsearched: notHere = 0, ...page } = answer;
    unsearched += notHere;
    if (next === undefined || searchedTo === undefined || runs.length === limit) {
      const isAll = next === undefined && options.cursor === undefined && answer.earlier === undefined;
      return {
        ...page,
        runs,
        ...(unsearched > 0 && { unsearched }),
        ...(next !== undefined && { cursor: next }),
        // All of them have been seen.
        ...(isAll && page.countIsLowerBound && { count: runs.length, countIsLowerBound: false }),
      };
    }
    cursor = next;
    if (process.stderr.isTTY === true)
      printNote(`Searched back to ${new Date(searchedTo).toISOString()}: ${runs.length} so far.`);
  }
}

const dayMs = 86_400_000;

function filterOf(options: Options) {
  const { status, workflow, label, text, content, from, to, ended, missed } = options;
  const { longerThan, shorterThan } = options;
  const took = {
    ...(longerThan !== undefined && { from: longerThan }),
    ...(shorterThan !== undefined && { to: shorterThan }),
  };
  const since = from ?? (content === undefined ? undefined : (to ?? Date.now()) - dayMs);
  return {
    // The server says which of them it knows.
    ...(status !== undefined && { status: status as ShownStatus[] }),
    ...(workflow !== undefined && { workflow }),
    ...(label !== undefined && { where: label }),
    ...(text !== undefined && { text }),
    ...(content !== undefined && { content }),
    ...(since !== undefined && { from: since }),
    ...(to !== undefined && { to }),
    ...(ended && { by: "ended" as const }),
    ...(Object.keys(took).length > 0 && { took }),
    ...(missed !== undefined && { missed }),
  } satisfies RunFilter;
}

function printRuns(answer: RunList, wholeIds: boolean): void {
  const now = Date.now();
  const { earlier, cursor, unsearched = 0 } = answer;
  if (earlier?.trouble !== undefined)
    printLine(`What ended before ${new Date(earlier.before).toISOString()} is missing: ${earlier.trouble}`);
  else if (answer.runs.length === 0)
    printLine(cursor === undefined ? "No matches." : "No run on this page matches.");
  else
    printLine(
      table(
        ["RUN", "WORKFLOW", "STATUS", "STARTED", "TOOK", "WHAT"],
        answer.runs.map((run) => row(run, now, wholeIds)),
      ),
    );
  const count = `${answer.countIsLowerBound ? "at least " : ""}${answer.count}`;
  if (answer.runs.length < answer.count || answer.countIsLowerBound) {
    printLine(
      `\n${answer.runs.length} of ${count}. Next page: --cursor ${answer.cursor ?? ""}`.replace(
        / Next page: --cursor $/,
        "",
      ),
    );
  }
  if (earlier?.isNext === true) {
    const when = new Date(earlier.before).toISOString();
    printLine(
      `\nThe next page goes on with what ended before ${when}, from ${earlier.source}: that takes a while.`,
    );
  }
  if (unsearched > 0)
    printLine(
      `\n${unsearched} ${unsearched === 1 ? "run was" : "runs were"} not searched: their events are no longer kept by the server.`,
    );
  const note = freshnessNote(answer.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function row(run: RunSummary, now: number, wholeIds: boolean): string[] {
  const took = run.endedAt === undefined ? "" : duration(run.endedAt - run.startedAt);
  const what = [run.why, labelWords(run.labels)]
    .filter((part) => part !== undefined && part !== "")
    .join("  ");
  return [shortId(run.runId, wholeIds), run.workflow, run.shown, ago(run.startedAt, now), took, what];
}
