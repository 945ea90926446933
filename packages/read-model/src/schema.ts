import { hashString } from "@downbeat/domain";

/** Raised when what is written into the tables changes its meaning while the tables stay as they are. */
const revision = 6;

/**
 * Numbers in place of words where rows are many: `shown` is an index into `shownStatuses`. `runs` is narrow because lists filter and count over it;
 * what only a shown page needs is in `run_details`.
 */
export const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;

-- One row a history partition, and one for the quarantine topic (partition -1).
CREATE TABLE partitions (
  partition INTEGER PRIMARY KEY,
  position TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  last TEXT NOT NULL,
  owner TEXT NOT NULL,
  count INTEGER NOT NULL,
  -- The accept cursor whole, JSON.
  cursor TEXT NOT NULL
) STRICT;

-- Records that the accept rule leaves out.
CREATE TABLE ignored_records (partition INTEGER, position TEXT, record_id TEXT, PRIMARY KEY (partition, position)) WITHOUT ROWID, STRICT;

-- \`id\` is made of the time the run started (\`run-number.ts\`), so the order of ids is the order of lists, in every index.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  partition INTEGER NOT NULL,
  workflow TEXT NOT NULL,
  shown INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  updated_at INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX runs_by_run_id ON runs (run_id);
CREATE INDEX runs_by_shown ON runs (shown);
CREATE INDEX runs_by_workflow ON runs (workflow, shown);
CREATE INDEX runs_by_end ON runs (shown, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX runs_by_workflow_and_end ON runs (workflow, shown, ended_at) WHERE ended_at IS NOT NULL;

-- \`terms\`: those of the table below, each after a line break. When the log took the run's first and last record: where to look for its events there.
CREATE TABLE run_details (
  id INTEGER PRIMARY KEY,
  terms TEXT NOT NULL,
  json TEXT NOT NULL,
  first_published INTEGER NOT NULL,
  last_published INTEGER NOT NULL
) STRICT;
-- For filters by version and by error, as facets of a run are named.
CREATE INDEX run_details_by_version ON run_details (json ->> '$.build') WHERE json ->> '$.build' IS NOT NULL;
CREATE INDEX run_details_by_error ON run_details (json ->> '$.failure.name') WHERE json ->> '$.failure.name' IS NOT NULL;

-- What a run is found by the beginning of, in lower case.
CREATE TABLE terms (term TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (term, run)) WITHOUT ROWID, STRICT;

-- Case is ignored in searches: \`folded\` is the value as it is looked for. \`kind\`: 'number' or 'time' where the value is one, whose size is \`measure\`.
CREATE TABLE labels (
  key TEXT NOT NULL,
  folded TEXT NOT NULL,
  run INTEGER NOT NULL,
  value TEXT NOT NULL,
  kind TEXT,
  measure REAL,
  PRIMARY KEY (key, folded, run)
) WITHOUT ROWID, STRICT;
CREATE INDEX labels_by_run ON labels (run, key);
CREATE INDEX labels_by_measure ON labels (key, kind, measure) WHERE kind IS NOT NULL;

-- One row for what happened in a run between two flushes: its steps, from event \`seq\` on. Those of runs that ended long ago leave.
CREATE TABLE steps (run INTEGER NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX steps_by_run ON steps (run, seq);

-- What the log took of runs that began before this cache does, and whose beginnings are not known yet. Each row is one step.
CREATE TABLE orphan_steps (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  published_at INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) WITHOUT ROWID, STRICT;

-- Days, by their beginnings (UTC), whose figures from before the beginning of this cache are in the tables below.
CREATE TABLE filled_days (day INTEGER PRIMARY KEY) STRICT;

-- What is open in open runs: jobs, timers, waits for signals, and of the code (row_id '') that it is stuck, or that
-- its answer is awaited from the workers that host it (kind 'answer', by the workflow's name). \`build\`: of the code that had answered last. Every index ends with the primary key, so that
-- a page may end within one millisecond.
CREATE TABLE open_rows (
  run INTEGER NOT NULL,
  row_id TEXT NOT NULL,
  workflow TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  since INTEGER NOT NULL,
  due_at INTEGER,
  attempt INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  failure TEXT,
  fingerprint TEXT,
  build TEXT,
  PRIMARY KEY (run, row_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX open_rows_by_status ON open_rows (kind, status, since);
CREATE INDEX open_rows_by_name ON open_rows (kind, name, status, since);
CREATE INDEX open_rows_by_workflow ON open_rows (workflow, kind, name, status, since);
CREATE INDEX open_rows_by_due ON open_rows (kind, status, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX open_rows_by_due_of_type ON open_rows (name, status, due_at) WHERE due_at IS NOT NULL AND kind = 'job';
CREATE INDEX open_rows_by_due_of_type_in_workflow ON open_rows (workflow, name, status, due_at) WHERE due_at IS NOT NULL AND kind = 'job';
CREATE INDEX open_rows_by_due_of_workflow ON open_rows (workflow, kind, status, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX attention ON open_rows (fingerprint, since) WHERE fingerprint IS NOT NULL;
CREATE INDEX attention_by_age ON open_rows (since) WHERE fingerprint IS NOT NULL;

-- What should have been undone and is not. \`standing\`: 'undoing' while its run is at it, 'left' when that ended first, 'failed'.
-- \`amounts\`: JSON, the numbers in what it is about, each with its path.
CREATE TABLE owed (
  run INTEGER NOT NULL,
  compensation_id TEXT NOT NULL,
  workflow TEXT NOT NULL,
  job_type TEXT NOT NULL,
  standing TEXT NOT NULL,
  since INTEGER NOT NULL,
  row_id TEXT NOT NULL,
  failure TEXT,
  amounts TEXT NOT NULL,
  PRIMARY KEY (run, compensation_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX owed_by_standing ON owed (standing, since);
CREATE INDEX owed_by_type ON owed (job_type, standing, since);
CREATE INDEX owed_by_workflow ON owed (workflow, job_type, standing, since);

-- How many rows of that table have a number there, and its sum, in digits: added to and taken from with the rows. Of path '' all rows are counted.
CREATE TABLE owed_totals (
  path TEXT NOT NULL,
  workflow TEXT NOT NULL,
  job_type TEXT NOT NULL,
  standing TEXT NOT NULL,
  n INTEGER NOT NULL,
  sum TEXT NOT NULL,
  PRIMARY KEY (path, workflow, job_type, standing)
) WITHOUT ROWID, STRICT;

-- By people, on any run, existing or not.
CREATE TABLE actions (run_id TEXT NOT NULL, action_id TEXT NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (run_id, action_id)) WITHOUT ROWID, STRICT;
CREATE INDEX actions_by_time ON actions (at);

-- Commands to runs that don't exist.
CREATE TABLE refusals (run_id TEXT NOT NULL, input_id TEXT NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (run_id, input_id)) WITHOUT ROWID, STRICT;
CREATE INDEX refusals_by_time ON refusals (at);

-- The numbers in what a run was given and gave, each with its path, JSON: so much as fits. \`cut\`: 1 where what it was given has more, 2 where what it gave has, 3 where both do. Stays when the run's events leave.
CREATE TABLE run_numbers (run INTEGER PRIMARY KEY, given TEXT, gave TEXT, cut INTEGER NOT NULL) STRICT;

CREATE TABLE counters (workflow TEXT NOT NULL, shown INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (workflow, shown)) WITHOUT ROWID, STRICT;

-- \`span\`: length in ms, a minute, an hour or a day. \`workflow\` '' holds all of them together.
CREATE TABLE run_figures (
  span INTEGER NOT NULL,
  workflow TEXT NOT NULL,
  at INTEGER NOT NULL,
  started INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  durations BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX run_figures_by_time ON run_figures (span, workflow, at);

CREATE TABLE job_figures (
  span INTEGER NOT NULL,
  workflow TEXT NOT NULL,
  job_type TEXT NOT NULL,
  at INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  failed_attempts INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  stuck INTEGER NOT NULL,
  durations BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_figures_by_time ON job_figures (span, workflow, at, job_type);

CREATE TABLE error_figures (
  span INTEGER NOT NULL,
  workflow TEXT NOT NULL,
  job_type TEXT NOT NULL,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  n INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX error_figures_by_time ON error_figures (span, workflow, at, job_type, name, kind);

-- A row for each thing that the figures of jobs and of errors count, as they count it. \`what\`: an index into \`jobOutcomes\`. \`took\`: ms.
-- \`error\`: the name in \`error_figures\`. Leaves with the hot window; what it was is in the step of the run that has event \`seq\`.
CREATE TABLE job_outcomes (
  what INTEGER NOT NULL,
  job_type TEXT NOT NULL,
  workflow TEXT NOT NULL,
  at INTEGER NOT NULL,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  took INTEGER,
  error TEXT,
  kind TEXT,
  PRIMARY KEY (what, job_type, workflow, at, run, seq)
) WITHOUT ROWID, STRICT;
CREATE INDEX job_outcomes_by_error ON job_outcomes (job_type, error, kind, workflow, at, run, seq) WHERE error IS NOT NULL;

-- What has stopped something, by its fingerprint: since when, and how often lately. \`span\`: length in ms, ten minutes or an hour.
CREATE TABLE causes (fingerprint TEXT PRIMARY KEY, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE cause_figures (fingerprint TEXT NOT NULL, span INTEGER NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (fingerprint, span, at)) WITHOUT ROWID, STRICT;
CREATE INDEX cause_figures_by_time ON cause_figures (span, at);

-- Records that should count and can't be used: what they told is missing. \`run_ids\`: JSON, as far as known.
CREATE TABLE left_out (
  partition INTEGER NOT NULL,
  position TEXT NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  run_ids TEXT NOT NULL,
  PRIMARY KEY (partition, position)
) WITHOUT ROWID, STRICT;
CREATE INDEX left_out_by_time ON left_out (at);

-- Runs that retention removed, for as long as their ids are known.
CREATE TABLE removed_runs (run_id TEXT PRIMARY KEY, workflow TEXT NOT NULL, status TEXT NOT NULL, ended_at INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX removed_runs_by_end ON removed_runs (ended_at);

CREATE TABLE quarantine (position TEXT PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX quarantine_by_time ON quarantine (at);
`;

/** A cache of another version is built again from the log. Follows from the tables, so that nobody can forget to raise it. */
export const schemaVersion = hashString(`${revision}\n${schema}`) & 0x7fffffff;
