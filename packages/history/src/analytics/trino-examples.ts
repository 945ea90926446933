import type { ExampleQuery } from "./analytics.ts";

// A bound on the time of publishing spares reading the rest of the log.
const lastWeek = "h.__publish_time__ >= current_timestamp - INTERVAL '7' DAY";
const decisions = `FROM history h
CROSS JOIN UNNEST(h.decisions) AS d (run_id, workflow, input_id, seq, events)`;

export const trinoExamples: readonly ExampleQuery[] = [
  {
    name: "Who owned which partition, newest first",
    sql: `SELECT from_unixtime(h.at / 1000) AS since, h.__partition__ AS part, h.owner, h.epoch
FROM history h
WHERE h.kind = 'claim' AND ${lastWeek}
ORDER BY h.at DESC
LIMIT 50`,
  },
  {
    name: "Throughput by hour, last week",
    sql: `SELECT date_trunc('hour', from_unixtime(h.at / 1000)) AS hour,
  count_if(e.type = 'RunStarted') AS started,
  count_if(e.type = 'RunCompleted') AS completed,
  count_if(e.type = 'RunFailed') AS failed
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type))) AS e (type)
WHERE ${lastWeek}
GROUP BY 1
ORDER BY 1`,
  },
  {
    name: "Slowest runs that started last week",
    sql: `SELECT d.run_id, max(d.workflow) AS workflow, (max(h.at) - min(h.at)) / 1000.0 AS seconds
${decisions}
WHERE ${lastWeek} AND d.seq > 0
GROUP BY d.run_id
HAVING min(d.seq) = 1
ORDER BY seconds DESC
LIMIT 50`,
  },
  {
    name: "Errors by name, last week",
    sql: `SELECT e.error_name, e.error_kind, e.type, count(*) AS errors
${decisions}
CROSS JOIN UNNEST(transform(d.events, x -> ROW(x.type, x.failure.name, x.failure.kind)))
  AS e (type, error_name, error_kind)
WHERE ${lastWeek} AND e.error_name IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY errors DESC`,
  },
];
