import type { ExampleQuery } from "./analytics.ts";

// A bound on the time of publishing spares reading the rest of the log.
const since = (count: number, unit: "HOUR" | "DAY") =>
  `h.__publish_time__ >= current_timestamp - INTERVAL '${count}' ${unit}`;
const decisions = `FROM history h
CROSS JOIN UNNEST(h.decisions) AS d (run_id, workflow, input_id, seq, events)`;

export const trinoExamples: readonly ExampleQuery[] = [
  {
    name: "Throughput by hour, last two days",
    sql: `SELECT date_trunc('hour', from_unixtime(h.at / 1e3)) AS hour,
  count_if(e.type = 'RunStarted') AS started,
  count_if(e.type = 'RunCompleted') AS completed,
  count_if(e.type = 'RunFailed') AS failed
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type))) AS e (type)
WHERE ${since(2, "DAY")}
GROUP BY 1
ORDER BY 1`,
  },
  {
    name: "The newest events",
    sql: `SELECT from_unixtime(h.at / 1e3) AS at, d.run_id, d.seq + e.place - 1 AS seq, e.type, e.job_id, e.attempt, e.error
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.jobId, x.attempt, x.failure.message)))
  WITH ORDINALITY AS e (type, job_id, attempt, error, place)
WHERE ${since(1, "HOUR")} AND d.seq > 0
ORDER BY h.at DESC, d.run_id, seq DESC
LIMIT 100`,
  },
  {
    name: "Slowest runs that started last week",
    sql: `SELECT d.run_id, max(d.workflow) AS workflow, (max(h.at) - min(h.at)) / 1e3 AS seconds
${decisions}
WHERE ${since(7, "DAY")} AND d.seq > 0
GROUP BY d.run_id
HAVING min(d.seq) = 1
ORDER BY seconds DESC
LIMIT 50`,
  },
  {
    name: "Errors by name, last week",
    sql: `SELECT e.error_name, e.error_kind, count(*) AS errors
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.failure.name, x.failure.kind)))
  AS e (type, error_name, error_kind)
WHERE ${since(7, "DAY")}
  AND e.type IN ('AttemptFailed', 'JobRejected', 'RunStuck')
GROUP BY 1, 2
ORDER BY errors DESC`,
  },
  {
    name: "What people did, last week",
    sql: `SELECT from_unixtime(h.at / 1e3) AS at, e.actor, e.type, e.reason, d.run_id
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.action.actor, x.action.reason)))
  AS e (type, actor, reason)
WHERE ${since(7, "DAY")} AND e.actor IS NOT NULL
ORDER BY h.at DESC
LIMIT 200`,
  },
  {
    name: "Who owned which partition, last week",
    sql: `SELECT from_unixtime(h.at / 1e3) AS since, h.__partition__ AS part, h.owner, h.epoch
FROM history h
WHERE h.kind = 'claim' AND ${since(7, "DAY")}
ORDER BY h.at DESC
LIMIT 50`,
  },
];
