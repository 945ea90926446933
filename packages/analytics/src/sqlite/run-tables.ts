import { openStatuses, shownStatuses } from "@downbeat/read-model";
import { column, type PeopleTable, times, wordAt } from "./table.ts";

const runs: PeopleTable = {
  name: "runs",
  about: "One row a run: its newest state.",
  columns: [
    column("run_id", "TEXT", "r.run_id"),
    column("workflow", "TEXT", "r.workflow"),
    column("status", "TEXT", wordAt("r.shown", shownStatuses), shownStatuses.join(", ")),
    ...times("started", "r.started_at"),
    ...times("ended", "r.ended_at", "null while it is open"),
    ...times("updated", "r.updated_at", "its last event"),
    column("duration_ms", "INTEGER", "r.ended_at - r.started_at", "null while it is open"),
    column("labels", "JSON", "d.json -> '$.labels'", "labels ->> 'key' is one of them"),
    column("error_name", "TEXT", "d.json ->> '$.failure.name'", "why it failed, is failing or is stuck"),
    column("error_kind", "TEXT", "d.json ->> '$.failure.kind'"),
    column("error_message", "TEXT", "d.json ->> '$.failure.message'"),
    column("ended_by", "TEXT", "d.json ->> '$.endedBy.actor'", "who cancelled or terminated it"),
    column("events", "INTEGER", "r.seq", "how many there are"),
    column("partition", "INTEGER", "r.partition"),
  ],
  from: "FROM main.runs r LEFT JOIN main.run_details d ON d.id = r.id",
};

const labels: PeopleTable = {
  name: "labels",
  about: "One row a label of a run.",
  columns: [
    column("run_id", "TEXT", "r.run_id"),
    column("key", "TEXT", "l.key"),
    column("value", "TEXT", "l.value"),
  ],
  from: "FROM main.labels l JOIN main.runs r ON r.id = l.run",
};

const events: PeopleTable = {
  name: "events",
  about: "One row an event, of runs whose events are still here.",
  columns: [
    column("run_id", "TEXT", "r.run_id"),
    column("workflow", "TEXT", "r.workflow"),
    column("seq", "INTEGER", "(step.value ->> '$.seq') + event.key", "its number in the run, from 1"),
    column("type", "TEXT", "event.value ->> '$.type'", "RunStarted, JobCompleted and so on"),
    column(
      "at",
      "TIME",
      "strftime('%Y-%m-%d %H:%M:%f', (step.value ->> '$.at') / 1000.0, 'unixepoch')",
      "UTC",
    ),
    column("at_ms", "INTEGER", "step.value ->> '$.at'", "ms since 1970"),
    column("job_id", "TEXT", "event.value ->> '$.jobId'"),
    column("attempt", "INTEGER", "event.value ->> '$.attempt'"),
    column("worker", "TEXT", "event.value ->> '$.worker'"),
    column("error_name", "TEXT", "event.value ->> '$.failure.name'"),
    column("error_kind", "TEXT", "event.value ->> '$.failure.kind'"),
    column("error_message", "TEXT", "event.value ->> '$.failure.message'"),
    column(
      "actor",
      "TEXT",
      "coalesce(event.value ->> '$.action.actor', event.value ->> '$.actor', event.value ->> '$.startedBy')",
      "the person it is of",
    ),
    column("input_id", "TEXT", "step.value ->> '$.inputId'", "the command that caused it"),
    column("event", "JSON", "event.value", "all of it"),
  ],
  from: `FROM main.runs r JOIN main.steps s ON s.run = r.id
JOIN json_each(s.json) step JOIN json_each(step.value, '$.events') event`,
};

/** What an event makes of its job, as the timeline shows it. */
const jobStatus = `CASE type
    WHEN 'JobScheduled' THEN 'scheduled' WHEN 'AttemptRequested' THEN 'scheduled' WHEN 'JobRetried' THEN 'scheduled'
    WHEN 'AttemptStarted' THEN 'running' WHEN 'JobStuck' THEN 'stuck'
    WHEN 'AttemptFailed' THEN CASE WHEN event ->> '$.retryAt' IS NULL THEN 'stuck' ELSE 'backingOff' END
    WHEN 'JobCompleted' THEN 'completed' WHEN 'JobRejected' THEN 'rejected'
    WHEN 'JobFailed' THEN 'failed' WHEN 'JobCancelled' THEN 'cancelled' WHEN 'JobAbandoned' THEN 'abandoned' END`;
const jobEnds = "'JobCompleted', 'JobRejected', 'JobFailed', 'JobCancelled', 'JobAbandoned'";
const openShown = openStatuses.map((status) => shownStatuses.indexOf(status)).join(", ");

const jobs: PeopleTable = {
  name: "jobs",
  about: "One row a job, of runs whose events are still here.",
  columns: [
    column("run_id", "TEXT", "r.run_id"),
    column("workflow", "TEXT", "r.workflow"),
    column("job_id", "TEXT", "j.job_id"),
    column("job_type", "TEXT", "j.job_type"),
    column(
      "status",
      "TEXT",
      `CASE WHEN j.ended_ms IS NULL AND r.shown NOT IN (${openShown}) THEN 'abandoned' ELSE j.status END`,
      "scheduled, running, backingOff, stuck, completed, rejected, failed, cancelled, abandoned",
    ),
    column("attempts", "INTEGER", "j.attempts"),
    ...times("scheduled", "j.scheduled_ms"),
    ...times("ended", "coalesce(j.ended_ms, r.ended_at)", "null while it is open"),
    column(
      "duration_ms",
      "INTEGER",
      "coalesce(j.ended_ms, r.ended_at) - j.scheduled_ms",
      "null while it is open",
    ),
    column("compensates", "INTEGER", "j.compensates", "1 for a job that undoes another"),
  ],
  from: `FROM (
  SELECT run_id, job_id,
    max(event ->> '$.jobType') AS job_type,
    substr(max(printf('%012d', seq) || ${jobStatus}), 13) AS status,
    count(*) FILTER (WHERE type = 'AttemptRequested') AS attempts,
    min(at_ms) FILTER (WHERE type = 'JobScheduled') AS scheduled_ms,
    max(at_ms) FILTER (WHERE type IN (${jobEnds})) AS ended_ms,
    max(event ->> '$.compensationId' IS NOT NULL) AS compensates
  FROM events WHERE job_id IS NOT NULL AND type <> 'CommandRefused' GROUP BY run_id, job_id
) j JOIN main.runs r ON r.run_id = j.run_id`,
};

const attempts: PeopleTable = {
  name: "attempts",
  about: "One row an attempt at a job, of runs whose events are still here.",
  columns: [
    column("run_id", "TEXT", "a.run_id"),
    column("workflow", "TEXT", "a.workflow"),
    column("job_id", "TEXT", "a.job_id"),
    column("job_type", "TEXT", "a.job_type"),
    column("attempt", "INTEGER", "a.attempt", "from 1"),
    column(
      "outcome",
      "TEXT",
      "coalesce(a.outcome, CASE WHEN a.taken_ms IS NOT NULL THEN 'cancelled' END)",
      "completed, rejected, failed, timedOut, cancelled; null while it is open",
    ),
    ...times("requested", "a.requested_ms"),
    ...times("started", "a.started_ms", "as the worker says"),
    ...times("ended", "coalesce(a.ended_ms, a.taken_ms)"),
    column(
      "duration_ms",
      "INTEGER",
      "coalesce(a.ended_ms, a.taken_ms) - coalesce(a.started_ms, a.requested_ms)",
      "from its start, or from its request where no start is known",
    ),
    column("worker", "TEXT", "a.worker"),
    column("error_name", "TEXT", "a.error_name"),
    column("error_kind", "TEXT", "a.error_kind"),
    column("error_message", "TEXT", "a.error_message"),
  ],
  from: `FROM (
  SELECT *, max(job_taken_ms) OVER job AS taken_ms, max(of_type) OVER job AS job_type FROM (
    SELECT run_id, workflow, job_id, attempt,
      max(event ->> '$.jobType') AS of_type,
      min(at_ms) FILTER (WHERE type = 'AttemptRequested') AS requested_ms,
      max(event ->> '$.startedAt') AS started_ms,
      max(worker) AS worker,
      max(at_ms) FILTER (WHERE type IN ('AttemptFailed', 'JobCompleted', 'JobRejected')) AS ended_ms,
      max(CASE type
        WHEN 'JobCompleted' THEN 'completed' WHEN 'JobRejected' THEN 'rejected'
        WHEN 'AttemptFailed' THEN CASE error_kind WHEN 'timeout' THEN 'timedOut' ELSE 'failed' END END) AS outcome,
      max(error_name) AS error_name,
      max(error_kind) AS error_kind,
      max(error_message) AS error_message,
      max(at_ms) FILTER (WHERE attempt IS NULL AND type IN ('JobCompleted', 'JobCancelled')) AS job_taken_ms
    FROM events WHERE job_id IS NOT NULL AND type <> 'CommandRefused' GROUP BY run_id, job_id, attempt
  ) WINDOW job AS (PARTITION BY run_id, job_id)
) a WHERE a.attempt IS NOT NULL`,
};

const openJobs: PeopleTable = {
  name: "open_jobs",
  about: "One row a job that is not over, in runs of any age.",
  columns: [
    column("run_id", "TEXT", "r.run_id"),
    column("workflow", "TEXT", "r.workflow"),
    column("job_id", "TEXT", "o.row_id"),
    column("job_type", "TEXT", "o.name"),
    column("status", "TEXT", "o.status", "scheduled, running, backingOff, stuck"),
    ...times("since", "o.since", "when this status began").map(({ name, ...rest }) => ({
      ...rest,
      name: name === "since_at" ? "since" : name,
    })),
    column("attempt", "INTEGER", "o.attempt"),
    column("max_attempts", "INTEGER", "o.max_attempts"),
    ...times(
      "retry",
      "CASE WHEN o.status = 'backingOff' THEN o.due_at END",
      "the next attempt, while it backs off",
    ),
    column("error_name", "TEXT", "o.failure ->> '$.name'"),
    column("error_message", "TEXT", "o.failure ->> '$.message'"),
  ],
  from: "FROM main.open_rows o JOIN main.runs r ON r.id = o.run WHERE o.kind = 'job'",
};

export const runTables: readonly PeopleTable[] = [runs, labels, events, jobs, attempts, openJobs];
