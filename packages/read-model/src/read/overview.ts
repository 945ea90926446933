import type { FailureKind } from "@downbeat/domain";
import { LatencySketch } from "../latency-sketch.ts";
import { bytesOf, numberOf, textOf } from "../rows.ts";
import type { ComparedWith, JobTypeFigures, Overview, OverviewBucket } from "../views.ts";
import { bucketBounds } from "./bucket-bounds.ts";
import { bucketLength } from "./bucket-length.ts";
import { comparison } from "./comparison.ts";
import { countRuns } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import { type OpenWork, openWork } from "./open-work.ts";
import { joined, pieces } from "./pieces.ts";
import { percentiles, RunTotals, totalsByWorkflow } from "./run-totals.ts";

export interface OverviewQuery {
  readonly from: number;
  readonly to: number;
  readonly bucketMs?: number | undefined;
  readonly workflow?: string | undefined;
  /** Whose days and hours the buckets are, an IANA name. Default UTC. */
  readonly timeZone?: string | undefined;
  /** With which earlier period. Default none. */
  readonly compare?: ComparedWith | undefined;
  /** Everything up to this time has been read, ms since the epoch: no more of a period is compared. */
  readonly completeTo?: number | undefined;
}

/** Charts. Whole buckets: the range is widened to where they begin and end. */
export function overview(db: ReadDatabase, query: OverviewQuery, now: number): Omit<Overview, "freshness"> {
  return db.atOnce(() => {
    const { timeZone = "UTC" } = query;
    const bucketMs = bucketLength(query);
    const bounds = bucketBounds(query.from, query.to, bucketMs, timeZone);
    const [from = query.from] = bounds;
    const to = bounds.at(-1) ?? query.to;
    const workflow = query.workflow ?? "";
    const counts = countRuns(db, query.workflow);
    return {
      bucketMs,
      timeZone,
      buckets: bucketsOf(db, workflow, bounds, Math.max(now, from) + bucketMs),
      ...totalsByWorkflow(db, query.workflow, from, to),
      byJobType: withOpenJobs(jobTypes(db, workflow, from, to), openWork(db, query.workflow)),
      topErrors: errors(db, workflow, from, to),
      open: { running: counts.running, waiting: counts.waiting, stuck: counts.stuck },
      ...(query.compare !== undefined && {
        comparison: comparison(db, {
          from,
          to,
          workflow: query.workflow,
          timeZone,
          now,
          knownTo: Math.min(now, query.completeTo ?? now),
          with: query.compare,
        }),
      }),
    };
  });
}

function bucketsOf(
  db: ReadDatabase,
  workflow: string,
  bounds: readonly number[],
  until: number,
): OverviewBucket[] {
  const buckets: { at: number; to: number; totals: RunTotals }[] = [];
  for (const [index, at] of bounds.entries()) {
    const to = bounds[index + 1];
    // Nothing has happened yet in those to come.
    if (to !== undefined && at < until) buckets.push({ at, to, totals: new RunTotals() });
  }
  let index = 0;
  for (const { span, from, to } of joined(buckets.flatMap((bucket) => pieces(bucket.at, bucket.to)))) {
    const rows = db.iterate(
      `SELECT at, started, completed, failed, cancelled, durations FROM run_figures
       WHERE span = ? AND workflow = ? AND at >= ? AND at < ? ORDER BY at`,
      span,
      workflow,
      from,
      to,
    );
    for (const row of rows) {
      const at = numberOf(row, "at");
      let bucket = buckets[index];
      while (bucket !== undefined && at >= bucket.to) bucket = buckets[++index];
      bucket?.totals.add(row);
    }
  }
  return buckets.map(({ at, to, totals }) => {
    const { successRate: _, ...view } = totals.view;
    return { at, to, ...view };
  });
}

type PeriodFigures = Omit<JobTypeFigures, "open" | "backlog" | "workers">;

/** A job type is listed for what happened in the period, and for what is open now, whenever that began. */
function withOpenJobs(figures: readonly PeriodFigures[], { jobs }: OpenWork): JobTypeFigures[] {
  const known = new Map(figures.map((one) => [one.jobType, one]));
  return [...new Set([...known.keys(), ...jobs.keys()])].sort().map((jobType) => {
    const open = jobs.get(jobType) ?? { waiting: 0, running: 0, backingOff: 0, stuck: 0 };
    const period = known.get(jobType) ?? { jobType, completed: 0, failedAttempts: 0, rejected: 0, stuck: 0 };
    return { ...period, open, backlog: open.waiting };
  });
}

function jobTypes(db: ReadDatabase, workflow: string, from: number, to: number): PeriodFigures[] {
  const figures = new Map<string, { counts: Omit<PeriodFigures, "jobType">; durations: LatencySketch }>();
  for (const { span, from: start, to: end } of pieces(from, to)) {
    const rows = db.all(
      `SELECT job_type, completed, failed_attempts, rejected, stuck, durations FROM job_figures
       WHERE span = ? AND workflow = ? AND at >= ? AND at < ?`,
      span,
      workflow,
      start,
      end,
    );
    for (const row of rows) {
      const jobType = textOf(row, "job_type");
      const known = figures.get(jobType) ?? {
        counts: { completed: 0, failedAttempts: 0, rejected: 0, stuck: 0 },
        durations: new LatencySketch(),
      };
      const { completed, failedAttempts, rejected, stuck } = known.counts;
      known.durations.mergeEncoded(bytesOf(row, "durations"));
      figures.set(jobType, {
        counts: {
          completed: completed + numberOf(row, "completed"),
          failedAttempts: failedAttempts + numberOf(row, "failed_attempts"),
          rejected: rejected + numberOf(row, "rejected"),
          stuck: stuck + numberOf(row, "stuck"),
        },
        durations: known.durations,
      });
    }
  }
  return Array.from(figures, ([jobType, { counts, durations }]) => ({
    jobType,
    ...counts,
    ...percentiles(durations),
  }));
}

function errors(db: ReadDatabase, workflow: string, from: number, to: number): Overview["topErrors"] {
  const counted = new Map<string, { jobType: string; name: string; kind: FailureKind; count: number }>();
  for (const { span, from: start, to: end } of pieces(from, to)) {
    const rows = db.all(
      `SELECT job_type, name, kind, sum(n) AS n FROM error_figures
       WHERE span = ? AND workflow = ? AND at >= ? AND at < ? GROUP BY job_type, name, kind`,
      span,
      workflow,
      start,
      end,
    );
    for (const row of rows) {
      const error = {
        jobType: textOf(row, "job_type"),
        name: textOf(row, "name"),
        kind: textOf(row, "kind") as FailureKind,
      };
      const key = `${error.kind}/${error.jobType}/${error.name}`;
      counted.set(key, { ...error, count: (counted.get(key)?.count ?? 0) + numberOf(row, "n") });
    }
  }
  return [...counted.values()].sort((a, b) => b.count - a.count || order(a, b)).slice(0, 20);
}

function order(a: Overview["topErrors"][number], b: Overview["topErrors"][number]): number {
  return a.jobType.localeCompare(b.jobType) || a.name.localeCompare(b.name) || a.kind.localeCompare(b.kind);
}
