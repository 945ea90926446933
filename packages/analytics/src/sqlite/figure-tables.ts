import { spans } from "@downbeat/read-model/rules";
import { column, type PeopleTable } from "./table.ts";

const [minute, hour, day] = spans;
const per = [
  column(
    "per",
    "TEXT",
    `CASE f.span WHEN ${minute} THEN 'minute' WHEN ${hour} THEN 'hour' WHEN ${day} THEN 'day' END`,
    "minute, hour or day: choose one, each counts everything",
  ),
  column(
    "at",
    "TIME",
    "strftime('%Y-%m-%d %H:%M:%S', f.at / 1000, 'unixepoch')",
    "UTC; when the interval begins",
  ),
  column("at_ms", "INTEGER", "f.at", "ms since 1970"),
  column("workflow", "TEXT", "f.workflow"),
];

const percentiles = [0.5, 0.95, 0.99].map((q) =>
  column(`p${q * 100}_ms`, "INTEGER", `quantile_of(f.durations, ${q})`, "of what completed"),
);

const runFigures: PeopleTable = {
  name: "run_figures",
  about: "Runs counted by time and workflow: short to ask, and there for events that are not here any more.",
  columns: [
    ...per,
    column("started", "INTEGER", "f.started"),
    column("completed", "INTEGER", "f.completed"),
    column("failed", "INTEGER", "f.failed"),
    column("cancelled", "INTEGER", "f.cancelled"),
    ...percentiles,
  ],
  from: "FROM main.run_figures f WHERE f.workflow <> ''",
};

const jobFigures: PeopleTable = {
  name: "job_figures",
  about: "Jobs counted by time, workflow and job type.",
  columns: [
    ...per,
    column("job_type", "TEXT", "f.job_type"),
    column("completed", "INTEGER", "f.completed"),
    column("failed_attempts", "INTEGER", "f.failed_attempts"),
    column("rejected", "INTEGER", "f.rejected"),
    column("stuck", "INTEGER", "f.stuck"),
    ...percentiles,
  ],
  from: "FROM main.job_figures f WHERE f.workflow <> ''",
};

const errorFigures: PeopleTable = {
  name: "error_figures",
  about: "Errors counted by time, workflow, job type and name.",
  columns: [
    ...per,
    column("job_type", "TEXT", "f.job_type", "empty for an error of the workflow's code"),
    column("error_name", "TEXT", "f.name"),
    column("error_kind", "TEXT", "f.kind"),
    column("errors", "INTEGER", "f.n"),
  ],
  from: "FROM main.error_figures f WHERE f.workflow <> ''",
};

const at = (ms: string) => [
  column("at", "TIME", `strftime('%Y-%m-%d %H:%M:%f', ${ms} / 1000.0, 'unixepoch')`, "UTC"),
  column("at_ms", "INTEGER", ms, "ms since 1970"),
];

const actions: PeopleTable = {
  name: "actions",
  about: "What people did, and what came of it. Starts that were accepted are in runs.",
  columns: [
    ...at("a.at"),
    column("actor", "TEXT", "a.json ->> '$.actor'"),
    column("verb", "TEXT", "a.json ->> '$.verb'", "retryJob, cancelRun and so on"),
    column("reason", "TEXT", "a.json ->> '$.reason'"),
    column(
      "outcome",
      "TEXT",
      "a.json ->> '$.outcome.type'",
      "refused, accepted, existed, inProgress, recovered, failedAgain",
    ),
    column("run_id", "TEXT", "a.run_id"),
    column("job_id", "TEXT", "a.json ->> '$.jobId'"),
    column("action_id", "TEXT", "a.action_id"),
  ],
  from: "FROM main.actions a",
};

const refusals: PeopleTable = {
  name: "refusals",
  about: "Commands to runs that don't exist.",
  columns: [
    ...at("f.at"),
    column("run_id", "TEXT", "f.run_id"),
    column("command", "TEXT", "f.json ->> '$.command'"),
    column("code", "TEXT", "f.json ->> '$.code'"),
    column("message", "TEXT", "f.json ->> '$.message'"),
  ],
  from: "FROM main.refusals f",
};

const quarantine: PeopleTable = {
  name: "quarantine",
  about: "Messages that nobody could parse.",
  columns: [
    ...at("q.at"),
    column("topic", "TEXT", "q.json ->> '$.topic'"),
    column("reason", "TEXT", "q.json ->> '$.reason'"),
    column("text", "TEXT", "q.json ->> '$.text'"),
  ],
  from: "FROM main.quarantine q",
};

export const figureTables: readonly PeopleTable[] = [
  runFigures,
  jobFigures,
  errorFigures,
  actions,
  refusals,
  quarantine,
];
