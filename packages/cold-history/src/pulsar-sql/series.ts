import { failure } from "@downbeat/protocol";
import { sketchBucketsPerLog } from "@downbeat/read-model/rules";
import { z } from "zod";
import type { ColdSeries, ColdSeriesQuery } from "../port/cold-series.ts";
import { decisionsIn, takenBefore } from "./history-table.ts";
import { partsOf } from "./period.ts";
import { completeTo, type Found, type Question } from "./question.ts";
import { SeriesRows } from "./series-rows.ts";
import { joined, type Sql, sql } from "./sql.ts";

/** What is counted: see `measure.ts`, which counts the same for the projection. */
const outcomes = sql`'RunStarted', 'RunCompleted', 'RunFailed', 'RunCancelled', 'RunTerminated', 'RunStuck',
  'JobCompleted', 'AttemptFailed', 'JobRejected', 'JobStuck'`;

/**
 * One pass: the events of each job, and those of each run itself, are brought together, and every outcome in the period is counted by its time, kind and
 * duration.
 */
function seriesStatement(decisions: Sql, { from, to, spanMs }: ColdSeriesQuery): Sql {
  const took = sql`o.at - CASE o.type WHEN 'RunCompleted' THEN started WHEN 'JobCompleted' THEN element_at(requested, o.attempt) END`;
  return sql`
    SELECT o.type, workflow, coalesce(jobtype, ''), o.at - o.at % ${spanMs}, o.name, o.kind, ${durationBucket(took)}, count(*)
    FROM (
      SELECT max(workflow) AS workflow,
        min(CASE WHEN type = 'RunStarted' THEN at END) AS started,
        max(CASE WHEN type = 'JobScheduled' THEN jobtype END) AS jobtype,
        map_agg(attempt, at) FILTER (WHERE type = 'AttemptRequested') AS requested,
        array_agg(ROW(type, at, attempt, name, kind))
          FILTER (WHERE type IN (${outcomes}) AND at >= ${from} AND at < ${to}) AS outcomes
      FROM (
        SELECT d.runid, d.workflow, d.at, e.type, e.jobid, e.jobtype, e.attempt, e.name, e.kind
        FROM (${decisions}) d
        CROSS JOIN UNNEST(transform(d.events, x ->
          ROW(x.type, x.jobid, x.jobtype, x.attempt, x.failure.name, x.failure.kind)
        )) AS e (type, jobid, jobtype, attempt, name, kind)
      )
      GROUP BY runid, jobid
    )
    CROSS JOIN UNNEST(outcomes) AS o (type, at, attempt, name, kind)
    GROUP BY 1, 2, 3, 4, 5, 6, 7`;
}

/** The bucket of a latency sketch, so that what comes back can be merged with other sketches. */
function durationBucket(ms: Sql): Sql {
  const perLog: Sql = { text: `DOUBLE '${sketchBucketsPerLog}'`, literals: [] };
  return sql`CAST(CASE WHEN ${ms} < 1 THEN 0 ELSE 1 + ceil(ln(greatest(${ms}, 1)) * ${perLog}) END AS bigint)`;
}

const row = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.number().int(),
  z.string().nullable(),
  failure.shape.kind.nullable(),
  z.number().int().nullable(),
  z.number().int(),
]);

export async function series(query: ColdSeriesQuery, question: Question): Promise<Found<ColdSeries>> {
  const { from, to, spanMs, workflow, asOf, log } = query;
  const period = { from: from - question.lookBackMs, to: Math.min(to, asOf ?? to) };
  const parts = await partsOf(period, log.partitions, question);
  const conditions = [
    ...(workflow === undefined ? [] : [sql`d.workflow = ${workflow}`]),
    ...(asOf === undefined ? [] : [takenBefore(asOf)]),
  ];
  const decisions = decisionsIn(question.address, parts, log, joined(conditions, " AND "));
  const { rows } = await question.execute(seriesStatement(decisions, query));
  const figures = new SeriesRows();
  for (const each of rows) {
    const [type, workflowName, jobType, at, name, kind, bucket, count] = row.parse(each);
    figures.add({ type, workflow: workflowName, jobType, at, name, kind, bucket, count });
  }
  return {
    value: { spanMs, ...figures.all },
    completeTo: completeTo(question, asOf, to),
    isComplete: figures.withoutBeginning === 0,
    ...(figures.withoutBeginning > 0 && {
      note: `${figures.withoutBeginning.toLocaleString("en")} runs and jobs that took longer than ${hours(question.lookBackMs)} are counted without their duration.`,
    }),
  };
}

function hours(ms: number): string {
  const number = ms / 3_600_000;
  return number === 1 ? "an hour" : `${number.toLocaleString("en", { maximumFractionDigits: 1 })} hours`;
}
