import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, freshnessNote } from "../output/words.ts";
import { markWords } from "./words.ts";

interface Options extends ExportOptions {
  readonly limit: number;
  readonly cursor?: string;
}

export function listQuarantineCommand(): Command {
  return withExport(
    withApi(
      new Command("list")
        .description(
          "List messages that could not be read, commands for runs or workflows that don't exist, and records left out of history; newest first",
        )
        .option("--limit <number>", "how many of each to show at most", whole(1, 500), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer"),
    ),
  ).action(listQuarantine);
}

async function listQuarantine(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined) return writeList(options, { list: "quarantine", query: {}, format });
  const { limit, cursor } = options;
  const answer = await ask(options, (api) =>
    api.quarantine.list.query({ limit, ...(cursor !== undefined && { cursor }) }),
  );
  if (options.json) return printJson(answer);
  const now = Date.now();
  const rows = [
    ...answer.messages.map(({ at, topic, reason, ...more }) => ({ at, what: topic, why: reason, ...more })),
    ...answer.refused.map(({ at, command, runId, message, entry, mark }) => ({
      entry,
      mark,
      at,
      what: `${command} ${runId}`,
      why: message,
    })),
    ...answer.leftOut.map(({ at, topic, position, reason, entry, mark }) => ({
      entry,
      mark,
      at,
      what: `${topic} ${position}`,
      why: reason,
    })),
  ].toSorted((one, other) => other.at - one.at);
  printLine(
    rows.length === 0
      ? "Nothing was set aside."
      : table(
          ["ENTRY", "WHEN", "WHAT", "DONE", "WHY"],
          rows.map(({ entry, mark, at, what, why }) => [entry, ago(at, now), what, markWords(mark), why]),
        ),
  );
  const { messages, refused, leftOut } = answer.counts;
  if (answer.cursor !== undefined)
    printLine(`\n${rows.length} of ${messages + refused + leftOut}. Next page: --cursor ${answer.cursor}`);
  const note = freshnessNote(answer.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}
