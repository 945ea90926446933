import type { OpenJobView } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { list, whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, freshnessNote, shortId } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly status?: string[];
  readonly type?: string;
  readonly workflow?: string;
  readonly run?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly wide: boolean;
}

export function listJobsCommand(): Command {
  return withExport(
    withApi(
      new Command("list")
        .description("List jobs that are not over, those longest in their status first")
        .option(
          "--status <list>",
          "scheduled, running, backingOff, stuck; separate several with commas",
          list,
        )
        .option("--type <name>", "of this job type")
        .option("--workflow <name>", "of this workflow's runs")
        .option("--run <runId>", "of this run")
        .option("--limit <number>", "how many to show at most", whole(1, 500), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer")
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(listJobs);
}

async function listJobs(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined) return writeList(options, { list: "jobs", query: queryOf(options), format });
  const { limit, cursor } = options;
  const answer = await ask(options, (api) =>
    api.jobs.list.query({
      limit,
      ...queryOf(options),
      ...(cursor !== undefined && { cursor }),
    }),
  );
  if (options.json) return printJson(answer);
  const now = Date.now();
  const wholeIds = options.wide || process.stdout.isTTY !== true;
  const rows = answer.jobs.map(
    ({ runId, jobId, jobType, status: is, since, attempt, maxAttempts, failure }) => [
      shortId(runId, wholeIds),
      jobId,
      jobType,
      is,
      ago(since, now),
      `${attempt} of ${maxAttempts}`,
      failure === undefined ? "" : failureWords(failure),
    ],
  );
  if (rows.length === 0) printLine("No job matches.");
  else printLine(table(["RUN", "JOB", "TYPE", "STATUS", "SINCE", "ATTEMPT", "LAST ERROR"], rows));
  if (answer.cursor !== undefined) {
    const count = `${answer.countIsLowerBound ? "at least " : ""}${answer.count}`;
    printLine(`\n${rows.length} of ${count}. Next page: --cursor ${answer.cursor}`);
  }
  const note = freshnessNote(answer.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function queryOf({ status, type, workflow, run }: Options) {
  return {
    // The server says which of them it knows.
    ...(status !== undefined && { status: status as OpenJobView["status"][] }),
    ...(type !== undefined && { jobType: type }),
    ...(workflow !== undefined && { workflow }),
    ...(run !== undefined && { runId: run }),
  };
}
