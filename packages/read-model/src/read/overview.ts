import type { FailureKind } from "@downbeat/domain";
import { LatencySketch } from "../latency-sketch.ts";
import { bytesOf, numberOf, type Row, textOf } from "../rows.ts";
import type { JobTypeFigures, Overview, OverviewBucket, OverviewTotals } from "../views.ts";
import { spans } from "../write/figures.ts";
import { bucketBounds } from "./bucket-bounds.ts";
import { countRuns, listWorkflows } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import { type OpenWork, openWork } from "./open-work.ts";

export interface OverviewQuery {
  readonly from: number;
  readonly to: number;
  readonly bucketMs?: number | undefined;
  readonly workflow?: string | undefined;
  /** Whose days and hours the buckets are, an IANA name. Default UTC. */
  readonly timeZone?: string | undefined;
}

const mostBuckets = 1_500;
/** Days of other zones than UTC are put together from hours, or from minutes. */
const mostZonedBuckets = 400;
/** Roll-ups read for the buckets. */
const mostRows = 5_000;

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
    };
  });
}

/** The asked length, or a fitting one; a whole multiple of a roll-up, and not too many buckets. */
function bucketLength({ from, to, bucketMs, timeZone = "UTC" }: OverviewQuery): number {
  const range = Math.max(1, to - from);
  const wanted = bucketMs ?? niceLengths.find((length) => range / length <= 120) ?? 86_400_000;
  const readable = spans.find((span) => range / span <= mostRows) ?? spans[2];
  const base = Math.max(wanted, readable, range / (timeZone === "UTC" ? mostBuckets : mostZonedBuckets));
  const span = spans.findLast((candidate) => candidate <= base) ?? spans[0];
  return Math.ceil(base / span) * span;
}

const niceLengths = [60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 86_400_000];

interface Piece {
  readonly span: number;
  readonly from: number;
  readonly to: number;
}

/** The range in as few roll-ups as possible: days in the middle, hours and minutes at its ends. */
export function pieces(from: number, to: number): Piece[] {
  const all: Piece[] = [];
  const cut = (start: number, end: number, level: number): void => {
    const span = spans[level];
    if (span === undefined || start >= end) return;
    const first = Math.ceil(start / span) * span;
    const last = Math.floor(end / span) * span;
    const finer = spans[level - 1];
    if (finer === undefined) {
      all.push({ span, from: start - (start % span), to: end });
    } else if (first >= last) {
      cut(start, end, level - 1);
    } else {
      cut(start, first, level - 1);
      all.push({ span, from: first, to: last });
      cut(last, end, level - 1);
    }
  };
  cut(from, to, spans.length - 1);
  return all;
}

class RunTotals {
  started = 0;
  completed = 0;
  failed = 0;
  cancelled = 0;
  readonly durations = new LatencySketch();

  add(row: Row): void {
    this.started += numberOf(row, "started");
    this.completed += numberOf(row, "completed");
    this.failed += numberOf(row, "failed");
    this.cancelled += numberOf(row, "cancelled");
    this.durations.mergeEncoded(bytesOf(row, "durations"));
  }

  get view(): OverviewTotals {
    const { started, completed, failed, cancelled } = this;
    const ended = completed + failed + cancelled;
    return {
      started,
      completed,
      failed,
      cancelled,
      ...(ended > 0 && { successRate: completed / ended }),
      ...percentiles(this.durations),
    };
  }
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

/** Pieces of one span that follow one another are read at once. */
function joined(all: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of all) {
    const last = found.at(-1);
    if (last?.span === piece.span && last.to === piece.from) found.splice(-1, 1, { ...last, to: piece.to });
    else found.push(piece);
  }
  return found;
}

function totalsByWorkflow(
  db: ReadDatabase,
  workflow: string | undefined,
  from: number,
  to: number,
): Pick<Overview, "totals" | "byWorkflow"> {
  const totalsOf = (name: string): RunTotals => {
    const totals = new RunTotals();
    for (const { span, from: start, to: end } of pieces(from, to)) {
      const rows = db.all(
        `SELECT started, completed, failed, cancelled, durations FROM run_figures
         WHERE span = ? AND workflow = ? AND at >= ? AND at < ?`,
        span,
        name,
        start,
        end,
      );
      for (const row of rows) totals.add(row);
    }
    return totals;
  };
  const names = workflow === undefined ? listWorkflows(db).map((known) => known.workflow) : [workflow];
  const byWorkflow = names
    .map((name) => ({ workflow: name, ...totalsOf(name).view }))
    .filter(({ started, completed, failed, cancelled }) => started + completed + failed + cancelled > 0);
  byWorkflow.sort((a, b) => b.started - a.started || a.workflow.localeCompare(b.workflow));
  return { totals: totalsOf(workflow ?? "").view, byWorkflow };
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

function percentiles(durations: LatencySketch): { p50?: number; p95?: number; p99?: number } {
  const [p50, p95, p99] = [durations.quantile(0.5), durations.quantile(0.95), durations.quantile(0.99)];
  if (p50 === undefined || p95 === undefined || p99 === undefined) return {};
  return { p50, p95, p99 };
}
