import { ColdError } from "@downbeat/cold-history";
import { ReadModel } from "@downbeat/read-model";
import { openCache, Projection, scratchDirectory, syntheticHistory } from "@downbeat/read-model/testing";
import type { JobRow } from "@downbeat/read-model/views";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqliteExamples } from "./examples.ts";
import { openReader, type Reader } from "./open-reader.ts";
import { peopleTables } from "./people-tables.ts";
import { runQuery } from "./run-query.ts";

const day = 86_400_000;
const to = Date.now();
const from = to - day;
const runs = 300;
const scratch = scratchDirectory();
const path = scratch.file("history.sqlite");
let reader: Reader;
let readModel: ReadModel;

beforeAll(() => {
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of syntheticHistory({ runs, from, to, batch: 3 })) projection.take(0, message);
  projection.flush();
  cache.close();
  reader = openReader(path);
  readModel = new ReadModel(path);
});

afterAll(() => {
  reader.db.close();
  readModel.close();
  scratch.remove();
});

function rows(sql: string, maxRows = 100_000): Record<string, unknown>[] {
  const table = runQuery(reader, { sql, maxRows });
  return table.rows.map((row) => Object.fromEntries(table.columns.map(({ name }, i) => [name, row[i]])));
}

function refusal(sql: string): ColdError {
  try {
    runQuery(reader, { sql, maxRows: 10 });
  } catch (error) {
    if (error instanceof ColdError) return error;
    throw error;
  }
  throw new Error(`This was not refused: ${sql}`);
}

describe("what people see", () => {
  test("runs are those of the list, with their states as words and times that SQLite's functions take", () => {
    const { countsByStatus, runs: listed } = readModel.listRuns({ filter: {}, limit: 500 });
    const counted = Object.fromEntries(
      rows("SELECT status, count(*) AS n FROM runs GROUP BY status").map(({ status, n }) => [status, n]),
    );
    expect(counted).toEqual(Object.fromEntries(Object.entries(countsByStatus).filter(([, n]) => n > 0)));
    const [first] = listed;
    const [same] = rows(
      `SELECT labels, started_at, ended_ms, strftime('%s', started_at) AS seconds FROM runs WHERE run_id = '${first?.runId}'`,
    );
    expect(JSON.parse(String(same?.labels))).toEqual(first?.labels);
    expect(Date.parse(`${String(same?.started_at).replace(" ", "T")}Z`)).toBe(first?.startedAt);
    expect(Number(same?.seconds)).toBe(Math.floor((first?.startedAt ?? 0) / 1_000));
    expect(same?.ended_ms ?? undefined).toBe(first?.endedAt);
  });

  test("every ms of a second keeps its place in the text of a time", () => {
    const [row] =
      rows(`WITH RECURSIVE ms(n) AS (SELECT 1767225600000 UNION ALL SELECT n + 1 FROM ms LIMIT 1000)
      SELECT count(*) AS wrong FROM ms WHERE strftime('%Y-%m-%d %H:%M:%f', n / 1000.0, 'unixepoch')
        <> '2026-01-01 00:00:00.' || printf('%03d', n - 1767225600000)`);
    expect(row).toEqual({ wrong: 0 });
  });

  test("events, jobs and attempts of every run are those of its page", () => {
    const events = Map.groupBy(
      rows("SELECT run_id, seq, type, at_ms FROM events ORDER BY run_id, seq"),
      (row) => row.run_id,
    );
    const jobs = Map.groupBy(rows("SELECT * FROM jobs"), (row) => row.run_id);
    const attempts = Map.groupBy(rows("SELECT * FROM attempts ORDER BY attempt"), (row) => row.run_id);
    const listed = readModel.listRuns({ filter: {}, limit: 500 }).runs;
    expect(listed).toHaveLength(runs);
    for (const { runId } of listed) {
      const page = readModel.events(runId, { afterSeq: 0, limit: 1_000 })?.events ?? [];
      expect(events.get(runId)?.map(({ seq, type, at_ms }) => [seq, type, at_ms])).toEqual(
        page.map(({ seq, event, at }) => [seq, event.type, at]),
      );
      const shown = readModel.run(runId)?.rows.filter((row): row is JobRow => row.kind === "job") ?? [];
      expect(new Set(jobs.get(runId)?.map((job) => JSON.stringify(shownJob(job))))).toEqual(
        new Set(
          shown.map((job) =>
            JSON.stringify([
              job.jobId,
              job.jobType,
              job.status,
              job.attempts.length,
              job.from,
              job.to ?? null,
            ]),
          ),
        ),
      );
      const shownAttempts = shown.flatMap((job) =>
        job.attempts.map((each) =>
          JSON.stringify([
            job.jobId,
            job.jobType,
            each.attempt,
            each.outcome ?? null,
            each.requestedAt,
            each.startedAt ?? null,
            each.endedAt ?? null,
            each.worker ?? null,
          ]),
        ),
      );
      expect(new Set(attempts.get(runId)?.map((each) => JSON.stringify(shownAttempt(each))))).toEqual(
        new Set(shownAttempts),
      );
    }
  });

  test("figures are the overview's", () => {
    const { totals } = readModel.overview({ from: 0, to: to + day, bucketMs: day });
    expect(
      rows("SELECT sum(started) AS started, sum(completed) AS completed FROM run_figures WHERE per = 'day'"),
    ).toEqual([{ started: totals.started, completed: totals.completed }]);
    const [row] = rows(
      "SELECT min(p50_ms) <= max(p95_ms) AS sensible FROM run_figures WHERE per = 'day' AND completed > 0",
    );
    expect(row).toEqual({ sensible: 1 });
  });

  test.each(peopleTables.map(({ name, columns }) => [name, columns] as const))(
    "all columns of %s can be asked",
    (name, columns) => {
      const { columns: answered } = runQuery(reader, { sql: `SELECT * FROM ${name} LIMIT 5`, maxRows: 5 });
      expect(answered.map((each) => each.name)).toEqual(columns.map((each) => each.name));
    },
  );

  test.each(sqliteExamples.map(({ name, sql }) => [name, sql] as const))(
    "the example “%s” has an answer",
    (_, sql) => {
      expect(runQuery(reader, { sql, maxRows: 1_000 }).columns.length).toBeGreaterThan(1);
    },
  );
});

function shownJob(job: Record<string, unknown>): unknown[] {
  return [job.job_id, job.job_type, job.status, job.attempts, job.scheduled_ms, job.ended_ms];
}

function shownAttempt(each: Record<string, unknown>): unknown[] {
  const { job_id, job_type, attempt, outcome, requested_ms, started_ms, ended_ms, worker } = each;
  return [job_id, job_type, attempt, outcome, requested_ms, started_ms, ended_ms, worker];
}

describe("only reading passes", () => {
  test.each([
    "DELETE FROM runs",
    "INSERT INTO main.runs (id) VALUES (1)",
    "UPDATE main.runs SET shown = 1",
    "DROP TABLE main.runs",
    "DROP VIEW runs",
    "CREATE TABLE t (x)",
    "CREATE TEMP TABLE t (x)",
    "CREATE TEMP VIEW v AS SELECT 1",
    "ATTACH '/tmp/other.sqlite' AS other",
    "DETACH main",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA query_only = OFF",
    "PRAGMA hard_heap_limit = 0",
    "VACUUM",
    "VACUUM INTO '/tmp/copy.sqlite'",
    "REINDEX",
    "ANALYZE",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT a",
    "SELECT load_extension('x')",
    "WITH gone AS (SELECT 1) DELETE FROM runs",
  ])("%s is refused", (sql) => {
    const { code, message } = refusal(sql);
    expect(code).toBe("readOnly");
    expect(message).toContain("Only statements that read");
    expect(rows("SELECT count(*) AS n FROM runs")).toEqual([{ n: runs }]);
  });

  test.each([
    "sqlite_schema",
    "sqlite_master",
    "sqlite_temp_schema",
    "pragma_table_info('runs')",
    "meta",
    "partitions",
    "terms",
    "dbstat",
  ])("%s is not for people", (table) => {
    expect(refusal(`SELECT * FROM ${table}`).code).toMatch(/invalid|readOnly/);
    expect(refusal(`SELECT count(*) FROM ${table}`).code).toMatch(/invalid|readOnly/);
    expect(refusal(`WITH runs AS (SELECT * FROM ${table}) SELECT * FROM runs`).code).toMatch(
      /invalid|readOnly/,
    );
  });

  test.each([
    "SELECT 1",
    "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
    "VALUES (1), (2)",
    "EXPLAIN QUERY PLAN SELECT * FROM runs",
    "SELECT 1;",
    "  -- a comment\nSELECT ';' AS semicolon ; -- and one more",
  ])("%s is run", (sql) => {
    expect(runQuery(reader, { sql, maxRows: 10 }).rows.length).toBeGreaterThan(0);
  });
});

describe("what can't be run says why, and where", () => {
  test.each([
    ["", /no statement/, undefined],
    ["-- nothing", /no statement/, undefined],
    ["SELECT 1; SELECT 2", /one statement/, [1, 11]],
    ["SELECT run_id\nFORM runs", /from “runs” on/, [2, 6]],
    ["SELECT 'FROM', run_id\nFROM FROM runs", /from “FROM” on/, [2, 6]],
    ["SELECT a FROM runs", /no column a\./, [1, 8]],
    ["SELECT r.run_id,\n  r.colour FROM runs r", /no column r\.colour/, [2, 5]],
    ['SELECT run_id FROM runs WHERE status = "stuck"', /single quotes/, [1, 40]],
    ["SELECT * FROM\n  trips", /no table trips here; there are runs, labels/, [2, 3]],
    ["SELECT * FROM sqlite_schema", /no table sqlite_master here/, undefined],
    ["SELECT total_of(1)", /No such function: total_of/, [1, 8]],
    ["SELECT (1", /ends too early/, [1, 10]],
    ["SELECT * FROM runs WHERE run_id = :id", /no parameters/, [1, 35]],
    ["DELETE FROM runs", /only statements that read/i, [1, 1]],
  ] as const)("%j", (sql, message, place) => {
    const error = refusal(sql);
    expect(error.message).toMatch(message);
    expect([error.line, error.column]).toEqual(place ?? [undefined, undefined]);
  });
});

describe("what is too much", () => {
  const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n";

  test("ends at the row limit and says so", () => {
    const table = runQuery(reader, { sql: endless, maxRows: 25 });
    expect(table.rows).toHaveLength(25);
    expect(table.isCut).toBe(true);
    expect(runQuery(reader, { sql: `${endless} LIMIT 25`, maxRows: 25 }).isCut).toBe(false);
  });

  test("ends when a browser could not hold it", () => {
    const sql =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT hex(zeroblob(500000)) FROM n";
    const table = runQuery(reader, { sql, maxRows: 10_000 });
    expect(table.isCut).toBe(true);
    expect(table.rows.length).toBeLessThan(20);
  });

  test("fails when it needs too much memory, and the next query is answered", () => {
    const sql =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 60) SELECT group_concat(hex(zeroblob(1000000))) FROM n";
    expect(refusal(sql)).toMatchObject({ code: "failed", message: expect.stringContaining("memory") });
    expect(rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

test("values arrive as they are: exact integers, infinity, bytes", () => {
  expect(
    runQuery(reader, {
      sql: "SELECT 9007199254740993, 9e999, x'00ff', NULL, 1.5, 'a', json('{\"a\":1}'), 1 AS twice, 2 AS twice",
      maxRows: 1,
    }),
  ).toMatchObject({
    rows: [["9007199254740993", "Infinity", "x'00FF'", null, 1.5, "a", '{"a":1}', 1, 2]],
  });
});
