import type { ComparedWith, Overview, OverviewTotals } from "@downbeat/api/views";
import { plural } from "@downbeat/domain";
import { Command, Option } from "commander";
import { ask } from "../api/client.ts";
import { moment, span } from "../input/moment.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { duration, freshnessNote, percent } from "../output/words.ts";
import { printComparison } from "./comparison.ts";

interface Options extends ApiOptions {
  readonly last: number;
  readonly bucket?: number;
  readonly workflow?: string;
  readonly timeZone?: string;
  readonly compare?: ComparedWith;
  readonly from?: number;
  readonly to?: number;
}

const hour = 3_600_000;

export function overviewCommand(): Command {
  return withApi(
    new Command("overview")
      .description("Show how the workflows are doing")
      .addOption(
        new Option("--last <span>", "period up to now, such as 15m, 24h or 7d")
          .default(hour, "1h")
          .argParser(span),
      )
      .addOption(
        new Option("--from <time>", "from this time instead of --last, such as 2026-11-02")
          .argParser((text) => moment(text))
          .conflicts("last"),
      )
      .option("--to <time>", "until this time, such as 2026-11-09 (default: now)", (text) => moment(text))
      .addOption(
        new Option(
          "--compare <with>",
          "compare with the period before, or with the same days and hours a week ago",
        ).choices(["before", "week"]),
      )
      .option("--bucket <span>", "length of a bucket in the JSON answer", span)
      .option("--workflow <name>", "of this workflow only")
      .option(
        "--time-zone <name>",
        "time zone of the buckets' days and hours, such as Europe/Berlin (default: UTC)",
      ),
  ).action(showOverview);
}

async function showOverview(options: Options): Promise<void> {
  const { last, bucket, workflow, timeZone, compare, json } = options;
  const { to = Date.now() } = options;
  const answer = await ask(options, (api) =>
    api.overview.get.query({
      from: options.from ?? to - last,
      to,
      ...(bucket !== undefined && { bucketMs: bucket }),
      ...(workflow !== undefined && { workflow }),
      ...(timeZone !== undefined && { timeZone }),
      ...(compare !== undefined && { compare }),
    }),
  );
  if (json) printJson(answer);
  else printOverview(answer);
}

function printOverview(overview: Overview): void {
  const {
    totals,
    byWorkflow,
    byJobType,
    topErrors,
    open,
    waits = [],
    missing,
    freshness,
    comparison,
  } = overview;
  if (missing !== undefined) printLine(`${missingFigures(missing)}\n`);
  const all = open.running + open.waiting + open.stuck;
  printLine(
    `Open now: ${plural(all, "run")}: ${open.running} running, ${open.waiting} waiting, ${open.stuck} stuck.`,
  );
  for (const { message, runs } of waits)
    printLine(`${plural(runs, "run waits", "runs wait")}: ${plain(message)}`);
  printLine("");
  const head = ["WORKFLOW", "STARTED", "COMPLETED", "FAILED", "CANCELLED", "SUCCESS", "P50", "P95", "P99"];
  const rows = byWorkflow.map((figures) => [figures.workflow, ...runFigures(figures)]);
  printLine(table(head, [...rows, ["all", ...runFigures(totals)]]));
  if (comparison !== undefined) printComparison(comparison);
  if (byJobType.length > 0) {
    const now = Date.now();
    const jobs = byJobType.map((job) => [
      job.jobType,
      String(job.open.stuck),
      String(job.open.waiting),
      job.open.waitingSince === undefined ? "–" : duration(now - job.open.waitingSince),
      job.workers === undefined ? "–" : String(job.workers),
      String(job.completed),
      String(job.failedAttempts),
      String(job.rejected),
      String(job.stuck),
      ...percentiles(job),
    ]);
    const jobHead = [
      "JOB",
      "STUCK NOW",
      "WAITING NOW",
      "OLDEST WAITS",
      "WORKERS",
      "COMPLETED",
      "FAILED TRIES",
      "REFUSED",
      "GOT STUCK",
      "P50",
      "P95",
      "P99",
    ];
    printLine(`\n${table(jobHead, jobs)}`);
  }
  if (topErrors.length > 0) {
    printLine(
      `\n${table(
        ["ERROR", "JOB", "KIND", "COUNT"],
        topErrors.map(({ name, jobType, kind, count }) => [name, jobType, kind, String(count)]),
      )}`,
    );
  }
  const note = freshnessNote(freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function runFigures(figures: OverviewTotals): string[] {
  const { started, completed, failed, cancelled, successRate } = figures;
  return [
    ...[started, completed, failed, cancelled].map(String),
    percent(successRate),
    ...percentiles(figures),
  ];
}

function percentiles({ p50, p95, p99 }: Pick<OverviewTotals, "p50" | "p95" | "p99">): string[] {
  return [duration(p50), duration(p95), duration(p99)];
}

function missingFigures({ source, from, to, days, trouble }: NonNullable<Overview["missing"]>): string {
  const period = `${new Date(from).toISOString().slice(0, 10)} to ${new Date(to - 1).toISOString().slice(0, 10)}`;
  const what = `The figures of ${days} ${days === 1 ? "day" : "days"} (${period})`;
  if (trouble !== undefined) return `${what} are missing. ${trouble}`;
  return `${what} are being read from ${source}: ask again in a while.`;
}
