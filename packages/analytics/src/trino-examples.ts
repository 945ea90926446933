import type { ExampleQuery } from "./analytics.ts";

type Period = readonly [count: number, unit: "HOUR" | "DAY"];

// A bound on the time of publishing spares reading the rest of the log.
const since = (alias: string, [count, unit]: Period) =>
  `${alias}.__publish_time__ >= current_timestamp - INTERVAL '${count}' ${unit}`;

/**
 * The records that don't count: of an owner that had been replaced when they came in, of a claim that came too late, or stored twice. Others can't be there
 * but by force; the pages of Downbeat itself go by the accept rule to the letter.
 */
const leftOut = (period: Period) => `WITH left_out (id) AS (
  SELECT id
  FROM (
    SELECT m.__message_id__, m.kind, m.epoch,
      row_number() OVER (PARTITION BY m.__partition__, m.id ORDER BY m.place),
      max(m.epoch) OVER (PARTITION BY m.__partition__ ORDER BY m.place),
      max(CASE WHEN m.kind = 'claim' THEN m.epoch END) OVER (
        PARTITION BY m.__partition__ ORDER BY m.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    FROM (
      SELECT r.__message_id__, r.__partition__, r.kind, r.id, r.epoch, CAST(json_parse(
        '[' || substr(r.__message_id__, 2, length(r.__message_id__) - 2) || ']') AS array(bigint)) AS place
      FROM history r
      WHERE ${since("r", period)}) AS m
  ) AS seen (id, kind, epoch, times, newest, claimed)
  WHERE times > 1 OR epoch < newest OR (kind = 'claim' AND epoch <= claimed)
)`;
const counts = "h.__message_id__ NOT IN (SELECT id FROM left_out)";
const where = (period: Period) => `WHERE ${since("h", period)}
  AND ${counts}`;

const decisions = `FROM history h
CROSS JOIN UNNEST(h.decisions) AS d (run_id, workflow, input_id, seq, events)`;
const hour: Period = [1, "HOUR"];
const twoDays: Period = [2, "DAY"];
const week: Period = [7, "DAY"];

export const trinoExamples: readonly ExampleQuery[] = [
  {
    name: "Throughput by hour, last two days",
    sql: `${leftOut(twoDays)}
SELECT date_trunc('hour', from_unixtime(h.at / 1e3)) AS hour,
  count_if(e.type = 'RunStarted') AS started,
  count_if(e.type = 'RunCompleted') AS completed,
  count_if(e.type = 'RunFailed') AS failed
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type))) AS e (type)
${where(twoDays)}
GROUP BY 1
ORDER BY 1`,
  },
  {
    name: "The newest events",
    sql: `${leftOut(hour)}
SELECT from_unixtime(h.at / 1e3) AS at, d.run_id, d.seq + e.place - 1 AS seq, e.type, e.job_id, e.attempt, e.error
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.jobId, x.attempt, x.failure.message)))
  WITH ORDINALITY AS e (type, job_id, attempt, error, place)
${where(hour)} AND d.seq > 0
ORDER BY h.at DESC, d.run_id, seq DESC
LIMIT 100`,
  },
  {
    name: "Slowest runs that started last week",
    sql: `${leftOut(week)}
SELECT d.run_id, max(d.workflow) AS workflow, (max(h.at) - min(h.at)) / 1e3 AS seconds
${decisions}
${where(week)} AND d.seq > 0
GROUP BY d.run_id
HAVING min(d.seq) = 1
ORDER BY seconds DESC
LIMIT 50`,
  },
  {
    name: "Errors by name, last week",
    sql: `${leftOut(week)}
SELECT e.error_name, e.error_kind, count(*) AS errors
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.failure.name, x.failure.kind)))
  AS e (type, error_name, error_kind)
${where(week)}
  AND e.type IN ('AttemptFailed', 'JobRejected', 'RunStuck')
GROUP BY 1, 2
ORDER BY errors DESC`,
  },
  {
    name: "What people did, last week",
    sql: `${leftOut(week)}
SELECT from_unixtime(h.at / 1e3) AS at, e.actor, e.type, e.reason, d.run_id
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.action.actor, x.action.reason)))
  AS e (type, actor, reason)
${where(week)} AND e.actor IS NOT NULL
ORDER BY h.at DESC
LIMIT 200`,
  },
  {
    name: "Who owned which partition, last week",
    sql: `${leftOut(week)}
SELECT from_unixtime(h.at / 1e3) AS since, h.__partition__ AS part, h.owner, h.epoch
FROM history h
${where(week)} AND h.kind = 'claim'
ORDER BY h.at DESC
LIMIT 50`,
  },
];
