import type { OwedStanding } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { list, whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, freshnessNote, labelWords, shortId } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly standing?: string[];
  readonly type?: string;
  readonly workflow?: string;
  readonly amount?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly wide: boolean;
}

export function listOwedCommand(): Command {
  return withExport(
    withApi(
      new Command("list")
        .description("List what is owed, longest owed first")
        .option("--standing <list>", "undoing, left, failed; separate several with commas", list)
        .option("--type <name>", "that this job would undo")
        .option("--workflow <name>", "of this workflow's runs")
        .option("--amount <path>", "show this number, such as input.amountCents")
        .option("--limit <number>", "how many to show at most", whole(1, 500), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer")
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(listOwed);
}

const standingWords: Readonly<Record<OwedStanding, string>> = {
  undoing: "under way",
  left: "left undone",
  failed: "failed",
};

async function listOwed(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined) return writeList(options, { list: "owed", query: queryOf(options), format });
  const { amount, limit, cursor } = options;
  const answer = await ask(options, (api) =>
    api.owed.list.query({
      limit,
      ...queryOf(options),
      ...(cursor !== undefined && { cursor }),
    }),
  );
  if (options.json) return printJson(answer);
  const now = Date.now();
  const wholeIds = options.wide || process.stdout.isTTY !== true;
  const rows = answer.owed.map((owed) => [
    ago(owed.since, now),
    shortId(owed.runId, wholeIds),
    owed.jobType,
    standingWords[owed.standing],
    ...(amount === undefined ? [] : [owed.amount ?? "–"]),
    labelWords(owed.labels),
    owed.failure === undefined ? "" : failureWords(owed.failure),
  ]);
  const sums = amount === undefined ? [] : ["AMOUNT"];
  if (rows.length === 0) printLine("No matches.");
  else printLine(table(["SINCE", "RUN", "JOB", "STANDS", ...sums, "LABELS", "WHY"], rows));
  if (answer.cursor !== undefined) {
    const count = `${answer.countIsLowerBound ? "at least " : ""}${answer.count}`;
    printLine(`\n${rows.length} of ${count}. Next page: --cursor ${answer.cursor}`);
  }
  const note = freshnessNote(answer.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function queryOf({ standing, type, workflow, amount }: Options) {
  return {
    // The server says which of them it knows.
    ...(standing !== undefined && { standing: standing as OwedStanding[] }),
    ...(type !== undefined && { jobType: type }),
    ...(workflow !== undefined && { workflow }),
    ...(amount !== undefined && { amount }),
  };
}
