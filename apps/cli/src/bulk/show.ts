import type { BulkOutcome } from "@downbeat/api/views";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { shortId } from "../output/words.ts";
import { outcomeWords, progressWords } from "./words.ts";

interface Options extends ExportOptions {
  readonly outcome?: string;
  readonly limit: number;
  readonly from: number;
  readonly wide: boolean;
}

export function showBulkCommand(): Command {
  return withExport(
    withApi(
      new Command("show")
        .description("Show the progress of a bulk action and the outcome of its targets")
        .argument("<bulkId>")
        .option(
          "--outcome <name>",
          "only these outcomes: recovered, done, failedAgain, refused, underWay, notPickedUp, lost or waiting",
        )
        .option("--from <number>", "number of the first target to show, from 1", whole(1, 1_000_000), 1)
        .option("--limit <number>", "how many targets to show at most", whole(1, 500), 20)
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(async (bulkId: string, options: Options) => {
    const { outcome, limit, from } = options;
    const format = exportFormat(options);
    if (format !== undefined) {
      const query = { bulkId, ...(outcome !== undefined && { outcome: outcome as BulkOutcome }) };
      return writeList(options, { list: "bulkTargets", query, format });
    }
    const { bulk, page } = await ask(options, async (api) => ({
      bulk: await api.bulk.get.query({ bulkId }),
      page: await api.bulk.targets.query({
        bulkId,
        limit,
        cursor: from - 1,
        // The server says which of them it knows.
        ...(outcome !== undefined && { outcome: outcome as BulkOutcome }),
      }),
    }));
    if (options.json) return printJson({ ...bulk, page });
    printLine(`${bulk.verb}: ${bulk.state}, sent ${progressWords(bulk)}. ${outcomeWords(bulk)}`.trimEnd());
    if (bulk.why !== undefined) printLine(bulk.why);
    printLine(`“${bulk.reason}” (${bulk.startedBy})\n`);
    if (page.targets.length === 0) return printLine("No target matches.");
    const wholeIds = options.wide || process.stdout.isTTY !== true;
    const rows = page.targets.map(({ number, runId, jobId = "", outcome: came, message = "" }) => [
      String(number + 1),
      shortId(runId, wholeIds),
      jobId,
      came,
      message,
    ]);
    printLine(table(["NO.", "RUN", "JOB", "OUTCOME", "WHAT"], rows));
    if (page.next !== undefined)
      printLine(`\n${rows.length} of ${page.count}. Next page: --from ${page.next + 1}`);
  });
}
