import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";
import { outcomeWords, progressWords } from "./words.ts";

interface Options extends ApiOptions {
  readonly limit: number;
  readonly cursor?: string;
}

export function listBulksCommand(): Command {
  return withApi(
    new Command("list")
      .description("List bulk actions, newest first")
      .option("--limit <number>", "how many to show at most", whole(1, 500), 20)
      .option("--cursor <text>", "the next page: the cursor from the previous answer"),
  ).action(async (options: Options) => {
    const { limit, cursor } = options;
    const answer = await ask(options, (api) =>
      api.bulk.list.query({ limit, ...(cursor !== undefined && { cursor }) }),
    );
    if (options.json) return printJson(answer);
    if (answer.bulks.length === 0) return printLine("There is no bulk action.");
    const now = Date.now();
    const rows = answer.bulks.map((bulk) => [
      bulk.bulkId,
      bulk.verb,
      bulk.state,
      progressWords(bulk),
      ago(bulk.startedAt, now),
      bulk.startedBy,
      outcomeWords(bulk),
    ]);
    printLine(table(["BULK", "VERB", "STATE", "SENT", "STARTED", "BY", "OUTCOMES"], rows));
    if (answer.cursor !== undefined) printLine(`\nNext page: --cursor ${answer.cursor}`);
  });
}
