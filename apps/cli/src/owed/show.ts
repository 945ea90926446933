import type { OwedFigures, OwedTotals } from "@downbeat/api/views";
import { plural } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { duration, freshnessNote } from "../output/words.ts";

interface Options extends ApiOptions {
  readonly workflow?: string;
  readonly amount?: string;
}

export function showOwedCommand(): Command {
  return withApi(
    new Command("show")
      .description("Show how much is owed, by the job that would undo it")
      .option("--workflow <name>", "of this workflow's runs")
      .option(
        "--amount <path>",
        "sum this number, such as input.amountCents; without it, the available ones are listed",
      ),
  ).action(showOwed);
}

async function showOwed(options: Options): Promise<void> {
  const { workflow, amount } = options;
  const totals = await ask(options, (api) =>
    api.owed.totals.query({
      ...(workflow !== undefined && { workflow }),
      ...(amount !== undefined && { amount }),
    }),
  );
  if (options.json) return printJson(totals);
  printTotals(totals, amount);
  const note = freshnessNote(totals.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function printTotals(totals: OwedTotals, amount: string | undefined): void {
  const now = Date.now();
  if (totals.byJobType.length === 0)
    return printLine("Nothing is owed: all that was to be undone is undone.");
  const row = (name: string, figures: OwedFigures): string[] => [
    name,
    String(figures.undoing + figures.left + figures.failed),
    String(figures.undoing),
    String(figures.left),
    String(figures.failed),
    figures.oldest === undefined ? "–" : duration(now - figures.oldest),
    ...(figures.amount === undefined ? [] : [figures.amount.sum, String(figures.amount.counted)]),
  ];
  const rows = totals.byJobType.map((group) => row(group.jobType, group));
  const sums = amount === undefined ? [] : [`SUM OF ${plain(amount)}`, "COUNTED"];
  const head = ["JOB", "OWED", "UNDER WAY", "LEFT UNDONE", "FAILED", "OLDEST", ...sums];
  printLine(table(head, rows.length === 1 ? rows : [...rows, row("all", totals)]));
  if (amount !== undefined || totals.amounts.length === 0) return;
  const paths = totals.amounts.map(({ path, counted }) => `${plain(path)} (in ${counted})`);
  const shown = paths.slice(0, mostShown);
  const more = paths.length - shown.length;
  printLine(
    `\nCan be summed with --amount: ${shown.join(", ")}${more > 0 ? ` and ${plural(more, "other")}` : ""}`,
  );
}

const mostShown = 12;
