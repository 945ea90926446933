import type { ExampleQuery } from "../analytics.ts";

export const sqliteExamples: readonly ExampleQuery[] = [
  {
    name: "Throughput by hour, last two days",
    sql: `SELECT at AS hour, sum(started) AS started, sum(completed) AS completed, sum(failed) AS failed
FROM run_figures
WHERE per = 'hour' AND at >= datetime('now', '-2 days')
GROUP BY at
ORDER BY at`,
  },
  {
    name: "Slowest completed runs of the last day",
    sql: `SELECT run_id, workflow, round(duration_ms / 1000.0, 1) AS seconds, started_at, labels
FROM runs
WHERE status = 'completed' AND ended_at >= datetime('now', '-1 day')
ORDER BY duration_ms DESC
LIMIT 50`,
  },
  {
    name: "Failures by job type, last week",
    sql: `SELECT job_type, error_name, error_kind, sum(errors) AS errors
FROM error_figures
WHERE per = 'hour' AND at >= datetime('now', '-7 days')
GROUP BY job_type, error_name, error_kind
ORDER BY errors DESC`,
  },
  {
    name: "Open jobs that need a person",
    sql: `SELECT run_id, workflow, job_type, since, attempt, error_name, error_message
FROM open_jobs
WHERE status = 'stuck'
ORDER BY since`,
  },
  {
    name: "Jobs that needed more than one attempt",
    sql: `SELECT job_type, count(*) AS jobs, max(attempts) AS most_attempts, round(avg(duration_ms)) AS average_ms
FROM jobs
WHERE attempts > 1
GROUP BY job_type
ORDER BY jobs DESC`,
  },
  {
    name: "How long attempts take, by job type",
    sql: `SELECT job_type, count(*) AS attempts, median(duration_ms) AS median_ms,
  percentile(duration_ms, 95) AS p95_ms, max(duration_ms) AS longest_ms
FROM attempts
WHERE outcome = 'completed'
GROUP BY job_type
ORDER BY p95_ms DESC`,
  },
  {
    name: "What people did, last week",
    sql: `SELECT at, actor, verb, reason, outcome, run_id
FROM actions
WHERE at >= datetime('now', '-7 days')
ORDER BY at DESC`,
  },
];
