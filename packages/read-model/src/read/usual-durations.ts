import { LatencySketch } from "../latency-sketch.ts";
import { bytesOf, type Row, textOf } from "../rows.ts";
import type { UsualDurations, UsualFigures } from "../views.ts";
import type { ReadDatabase } from "./database.ts";

const day = 86_400_000;
const days = 7;

/**
 * How long runs of a workflow, and its jobs, take: of those that completed in the week that ends with the day of `until`. Whole days, so that few rows are
 * read, however much happened.
 */
export function usualDurations(
  db: ReadDatabase,
  workflow: string,
  until: number,
): Omit<UsualDurations, "freshness"> {
  const to = Math.floor(until / day) * day + day;
  const from = to - days * day;
  const ofRuns = new LatencySketch();
  const ofJobs = new Map<string, LatencySketch>();
  db.atOnce(() => {
    for (const row of db.all(
      "SELECT durations FROM run_figures WHERE span = ? AND workflow = ? AND at >= ? AND at < ?",
      day,
      workflow,
      from,
      to,
    ))
      ofRuns.mergeEncoded(bytesOf(row, "durations"));
    for (const row of db.all(
      "SELECT job_type, durations FROM job_figures WHERE span = ? AND workflow = ? AND at >= ? AND at < ?",
      day,
      workflow,
      from,
      to,
    ))
      sketchOf(ofJobs, row).mergeEncoded(bytesOf(row, "durations"));
  });
  const run = figuresOf(ofRuns);
  return {
    workflow,
    from,
    to,
    ...(run !== undefined && { run }),
    jobTypes: [...ofJobs].flatMap(([jobType, sketch]) => {
      const figures = figuresOf(sketch);
      return figures === undefined ? [] : [{ jobType, ...figures }];
    }),
  };
}

function sketchOf(all: Map<string, LatencySketch>, row: Row): LatencySketch {
  const jobType = textOf(row, "job_type");
  const known = all.get(jobType) ?? new LatencySketch();
  all.set(jobType, known);
  return known;
}

function figuresOf(sketch: LatencySketch): UsualFigures | undefined {
  const [p50, p95] = [sketch.quantile(0.5), sketch.quantile(0.95)];
  return p50 === undefined || p95 === undefined ? undefined : { completed: sketch.count, p50, p95 };
}
