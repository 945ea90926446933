import { durationWords } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly limit: number;
}

export function incidentsCommand(): Command {
  return withExport(
    withApi(
      new Command("incidents")
        .description("Incidents that rules opened, newest first, with who was notified")
        .option("--limit <number>", "how many", whole(1, 500), 50),
    ),
  ).action(incidents);
}

async function incidents(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined) return writeList(options, { list: "alerts", query: {}, format });
  const { limit } = options;
  const list = await ask(options, (api) => api.alerts.incidents.query({ limit }));
  if (options.json) return printJson(list);
  const { incidents: shown, count } = list;
  if (shown.length === 0) return printLine("Nothing was found.");
  const now = Date.now();
  printLine(
    table(
      ["RULE", "BEGAN", "LASTED", "TOLD", "WHAT"],
      shown.map(({ name, openedAt, resolvedAt, notices, sentence }) => [
        name,
        ago(openedAt, now),
        resolvedAt === undefined ? "goes on" : durationWords(resolvedAt - openedAt),
        notices
          .filter(({ of }) => of === "opened")
          .map(({ channel, outcome }) => (outcome === "delivered" ? channel : `${channel} (failed)`))
          .join(" "),
        sentence,
      ]),
    ),
  );
  const older = count - shown.length;
  if (older > 0) printLine(`${older} older ones: --limit shows more.`);
}
