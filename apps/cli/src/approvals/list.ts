import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withFile } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { standingWords, whatWords } from "./words.ts";

export function listApprovalsCommand(): Command {
  return withFile(
    withApi(
      new Command("list")
        .description("Requests that wait for a second person, newest first")
        .option("--all", "include those that were decided", false),
    ),
  ).action(listApprovals);
}

async function listApprovals(options: ExportOptions): Promise<void> {
  // Here --all says what is listed, not how much of it.
  const format = exportFormat({ ...options, all: false });
  if (format !== undefined)
    return writeList(options, { list: "approvals", query: { waiting: !options.all }, format });
  const list = await ask(options, (api) => api.approvals.list.query({ waiting: !options.all }));
  if (options.json) return printJson(list);
  const { requests, more } = list;
  if (requests.length === 0)
    return printLine(options.all ? "Nothing was asked for." : "Nothing waits for a second person.");
  const rows = requests.map((each) => [
    each.id,
    whatWords(each),
    each.requestedBy,
    standingWords(each),
    each.reason,
  ]);
  printLine(table(["REQUEST", "WHAT", "ASKED BY", "STANDS", "WHY"], rows));
  if (more > 0) printLine(`${more} older ones are not shown: --format writes all.`);
}
