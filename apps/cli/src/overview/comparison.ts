import type { Comparison } from "@downbeat/api/views";
import { countDifference, type Difference, durationDifference, rateDifference } from "@downbeat/domain";
import { plain, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { duration, percent } from "../output/words.ts";

export function printComparison({
  current,
  earlier,
  isPart,
  isBehind,
  byWorkflow,
  missing,
}: Comparison): void {
  const period = `${minute(earlier.from)} to ${minute(earlier.to)}`;
  const part = isPart
    ? ` ${isBehind ? "Not all of this period is read yet" : "This period is not over"}: its part until ${minute(current.to)} is compared with the same part of the earlier one.`
    : "";
  printLine(`\nCompared with ${period}.${part}`);
  if (missing !== undefined)
    printLine("Figures of the earlier period are still being read: ask again in a while.");
  if (current.to <= current.from) return printLine("It has no whole minute yet: nothing is compared.");
  const [now, before] = [current.totals, earlier.totals];
  const of = (difference: Difference | undefined): string => difference?.words ?? "–";
  const counts = (["started", "completed", "failed", "cancelled"] as const).map((name) => [
    name,
    String(now[name]),
    String(before[name]),
    of(countDifference(now[name], before[name])),
  ]);
  const durations = (["p50", "p95", "p99"] as const).map((name) => [
    name,
    duration(now[name]),
    duration(before[name]),
    of(durationDifference(now[name], before[name])),
  ]);
  const success = [
    "success",
    percent(now.successRate),
    percent(before.successRate),
    of(rateDifference(now.successRate, before.successRate)),
  ];
  printLine(table(["FIGURE", "NOW", "BEFORE", "DIFFERENCE"], [...counts, success, ...durations]));
  if (byWorkflow.length < 2) return;
  const started = byWorkflow.map((row) => [
    plain(row.workflow),
    String(row.current.started),
    String(row.earlier.started),
    of(countDifference(row.current.started, row.earlier.started)),
  ]);
  printLine(`\n${table(["WORKFLOW", "STARTED", "BEFORE", "DIFFERENCE"], started)}`);
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
