import { position } from "@downbeat/message-log";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Asked, ColdProgress } from "../port/asked.ts";
import { ColdError } from "../port/cold-error.ts";
import { answering, type FakePage, type FakeQuery, FakeTrino, failing } from "../test/fake-trino.ts";
import { openPulsarSql, type PulsarSqlOptions } from "./index.ts";

const opened: { close(): Promise<void> }[] = [];
const servers: FakeTrino[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sql) => sql.close()));
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function trino(answer: (query: FakeQuery) => readonly FakePage[]): Promise<FakeTrino> {
  const server = await new FakeTrino(answer).listen();
  servers.push(server);
  return server;
}

function open(url: string, options: Partial<PulsarSqlOptions> = {}) {
  const sql = openPulsarSql({
    url,
    tenant: "public",
    namespace: "travel",
    limits: { pageWaitMs: 1, mostRetries: 3 },
    ...options,
  });
  opened.push(sql);
  return sql;
}

function asked(who = "ada", more: Partial<Asked> = {}): Asked {
  return { who, signal: new AbortController().signal, ...more };
}

const ownPlan = JSON.stringify({ inputTableColumnInfos: [] });
/** Plans everything as harmless; the query itself is answered with the pages. */
function planned(pages: readonly FakePage[]): (query: FakeQuery) => readonly FakePage[] {
  return ({ text }) =>
    text.startsWith("EXPLAIN (TYPE IO") ? answering([["Query Plan", "varchar"]], [[ownPlan]]) : pages;
}
const aNumber = answering([["n", "bigint"]], [[1]]);

async function errorOf(promise: Promise<unknown>): Promise<ColdError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ColdError) return error;
  throw new Error(`Not a ColdError: ${String(error)}`);
}

describe("A query over Pulsar SQL", () => {
  it("brings the rows of all pages together, and says what it read", async () => {
    const columns = [{ name: "n", type: "bigint" }];
    const server = await trino(
      planned([
        { state: "QUEUED" },
        { columns, data: [[1], [2]] },
        { columns, data: [[3]], stats: { processedRows: 30, processedBytes: 300 } },
        { state: "FINISHED", stats: { processedRows: 40, processedBytes: 400 } },
      ]),
    );
    const answer = await open(server.url).query({ sql: "SELECT n FROM t;", maxRows: 10 }, asked());
    expect(answer.value).toEqual({ columns, rows: [[1], [2], [3]], isCut: false });
    expect(answer).toMatchObject({ source: "Pulsar SQL", isComplete: true, read: { rows: 40, bytes: 400 } });
    expect(server.queries.at(-1)?.text).toBe("SELECT n FROM t");
    expect(server.users).toEqual(new Set(["downbeat"]));
    expect(server.queries[0]?.headers).toMatchObject({
      "x-trino-schema": "public/travel",
      "x-trino-client-info": "ada",
    });
  });

  it("keeps integers exact that a JavaScript number can't hold", async () => {
    const server = await trino(
      planned([
        { state: "QUEUED" },
        {
          columns: [{ name: "big", type: "bigint" }],
          rawData: "[[9007199254740993],[-9223372036854775808],[0.1],[12]]",
        },
        { state: "FINISHED" },
      ]),
    );
    const answer = await open(server.url).query({ sql: "SELECT 1", maxRows: 10 }, asked());
    expect(answer.value.rows).toEqual([["9007199254740993"], ["-9223372036854775808"], [0.1], [12]]);
  });

  it("ends at the row limit, at the server too", async () => {
    const page = { columns: [{ name: "n", type: "bigint" }], data: [[1], [2], [3]] };
    const server = await trino(planned([{ state: "QUEUED" }, page, { isHeld: true }]));
    const answer = await open(server.url).query({ sql: "SELECT n FROM t", maxRows: 2 }, asked());
    expect(answer.value).toMatchObject({ rows: [[1], [2]], isCut: true });
    expect(answer.note).toBe("Only the first 2 rows are shown.");
    expect(server.killed).toEqual(["q2"]);
  });

  it("passes progress on, and nothing after the answer", async () => {
    const server = await trino(
      planned([
        { state: "QUEUED" },
        { state: "RUNNING", stats: { progressPercentage: 25, processedRows: 7, processedBytes: 70 } },
        { state: "FINISHED", columns: [{ name: "n", type: "bigint" }], data: [] },
      ]),
    );
    const seen: ColdProgress[] = [];
    await open(server.url).query(
      { sql: "SELECT 1", maxRows: 1 },
      asked("ada", { onProgress: (progress) => seen.push(progress) }),
    );
    expect(seen).toContainEqual(
      expect.objectContaining({ state: "reading", percent: 25, rows: 7, bytes: 70 }),
    );
    expect(seen.every(({ elapsedMs }) => elapsedMs >= 0)).toBe(true);
  });

  it("is ended at the server when its signal is aborted", async () => {
    const server = await trino(planned([{ state: "QUEUED" }, { isHeld: true }, {}]));
    const leaving = new AbortController();
    const asking = errorOf(
      open(server.url).query({ sql: "SELECT 1", maxRows: 1 }, asked("ada", { signal: leaving.signal })),
    );
    await vi.waitFor(() => expect(server.queries).toHaveLength(2));
    leaving.abort();
    expect(await asking).toMatchObject({ code: "cancelled" });
    expect(server.running).toBe(0);
    expect(server.killed).toEqual(["q2"]);
  });

  it("is ended at the server when it takes too long", async () => {
    const server = await trino(planned([{ state: "QUEUED" }, { isHeld: true }, {}]));
    const error = await errorOf(
      open(server.url, { timeoutMs: 100 }).query({ sql: "SELECT 1", maxRows: 1 }, asked()),
    );
    expect(error).toMatchObject({ code: "timeout" });
    expect(error.message).toContain("ask for a shorter period");
    expect(server.running).toBe(0);
  });

  it("is ended when the port is closed", async () => {
    const server = await trino(planned([{ state: "QUEUED" }, { isHeld: true }, {}]));
    const sql = open(server.url);
    const asking = errorOf(sql.query({ sql: "SELECT 1", maxRows: 1 }, asked()));
    await vi.waitFor(() => expect(server.queries).toHaveLength(2));
    await sql.close();
    expect(await asking).toMatchObject({ code: "cancelled" });
    expect(server.running).toBe(0);
  });

  it("goes to the configured address only, whatever `nextUri` says", async () => {
    const elsewhere = await trino(() => aNumber);
    const server = await trino(planned([{ state: "QUEUED", nextOrigin: elsewhere.url }, {}]));
    const error = await errorOf(open(server.url).query({ sql: "SELECT 1", maxRows: 1 }, asked()));
    expect(error.message).toContain(`sends on to ${elsewhere.url}, which is not its configured address`);
    expect(elsewhere.users.size).toBe(0);
  });

  it("follows no redirect", async () => {
    const server = await trino(planned([{ state: "QUEUED" }, { status: 302 }]));
    const error = await errorOf(open(server.url).query({ sql: "SELECT 1", maxRows: 1 }, asked()));
    expect(error).toMatchObject({ code: "unavailable" });
    expect(error.message).toContain("is not Pulsar SQL (302)");
  });

  it("gives a gateway that is never ready up after a few tries", async () => {
    const server = await trino(planned([{ state: "QUEUED" }, { status: 503 }]));
    const error = await errorOf(open(server.url).query({ sql: "SELECT 1", maxRows: 1 }, asked()));
    expect(error).toMatchObject({ code: "unavailable" });
    expect(error.message).toContain("is not ready (503)");
  });
});

describe("People's queries", () => {
  it("run one a person at a time, the older first, and those of others beside them", async () => {
    let holds = true;
    const server = await trino(({ text, headers }) => {
      if (text.startsWith("EXPLAIN")) return answering([["Query Plan", "varchar"]], [[ownPlan]]);
      return holds && headers["x-trino-client-info"] === "ada"
        ? [{ state: "QUEUED" }, { isHeld: true }, {}]
        : aNumber;
    });
    const sql = open(server.url);
    const leaving = new AbortController();
    const states: string[] = [];
    const first = errorOf(
      sql.query({ sql: "SELECT 1", maxRows: 1 }, asked("ada", { signal: leaving.signal })),
    );
    await vi.waitFor(() => expect(server.queries).toHaveLength(2));
    const second = sql.query(
      { sql: "SELECT 2", maxRows: 1 },
      asked("ada", { onProgress: ({ state }) => states.push(state) }),
    );
    await sql.query({ sql: "SELECT 3", maxRows: 1 }, asked("grace"));
    expect(states).toEqual(["waiting"]);
    expect(server.queries.some(({ text }) => text === "SELECT 2")).toBe(false);
    holds = false;
    leaving.abort();
    await first;
    expect((await second).value.rows).toEqual([[1]]);
  });

  it("are so many at once and no more; further ones wait, and too many are refused", async () => {
    const server = await trino(planned([{ state: "QUEUED" }, { isHeld: true }, {}]));
    const sql = open(server.url, { atOnce: 2, waiting: 1 });
    const leaving = new AbortController();
    const ask = (who: string) =>
      errorOf(sql.query({ sql: "SELECT 1", maxRows: 1 }, asked(who, { signal: leaving.signal })));
    const asking = ["ada", "grace", "linus"].map(ask);
    const begun = () => server.queries.filter(({ text }) => text === "SELECT 1");
    await vi.waitFor(() => expect(begun()).toHaveLength(2));
    expect(await ask("ken")).toMatchObject({ code: "busy" });
    leaving.abort();
    expect((await Promise.all(asking)).map(({ code }) => code)).toEqual(Array(3).fill("cancelled"));
    expect(begun()).toHaveLength(2);
  });

  it.each([
    "DROP TABLE history",
    "INSERT INTO history SELECT 1",
    "CALL system.runtime.kill_query('x')",
    "SET SESSION a = 1",
    "/* a */ -- b\n DELETE FROM history",
    "EXPLAIN ANALYZE DELETE FROM history",
    "EXPLAIN (TYPE IO) INSERT INTO t SELECT 1",
    "SHOW CATALOGS",
    "PREPARE a FROM SELECT 1",
  ])("are refused when they do more than read: %s", async (statement) => {
    const server = await trino(() => aNumber);
    const error = await errorOf(open(server.url).query({ sql: statement, maxRows: 1 }, asked()));
    expect(error).toMatchObject({ code: "readOnly" });
    expect(server.queries).toEqual([]);
  });

  it.each([
    "(SELECT 1)",
    "with a as (select 1 x) select x from a",
    "-- why\nSHOW TABLES",
    "explain (format json) select 1",
  ])("may be written as %s", async (statement) => {
    const server = await trino(planned(aNumber));
    await open(server.url).query({ sql: statement, maxRows: 1 }, asked());
    expect(server.queries.at(-1)?.text).toBe(statement);
  });

  it.each([
    ["the topics of another namespace", "pulsar", "public/other", []],
    ["another catalogue", "$system@system", "runtime", []],
    ["the names of all namespaces", "$info_schema@pulsar", "information_schema", []],
    [
      "the tables of another namespace",
      "$info_schema@pulsar",
      "information_schema",
      [
        {
          columnName: "table_schema",
          domain: { ranges: [{ low: { value: "a/b" }, high: { value: "a/b" } }] },
        },
      ],
    ],
  ])("do not read %s", async (_, catalog, schema, columnConstraints) => {
    const table = { catalog, schemaTable: { schema, table: "history" } };
    const plan = JSON.stringify({ inputTableColumnInfos: [{ table, columnConstraints }] });
    const server = await trino(() => answering([["Query Plan", "varchar"]], [[plan]]));
    const error = await errorOf(open(server.url).query({ sql: "SELECT 1", maxRows: 1 }, asked()));
    expect(error).toMatchObject({ code: "readOnly" });
    expect(error.message).toContain("Only the topics of public/travel");
    expect(server.queries).toHaveLength(1);
  });

  it.each([
    `SELECT * FROM pulsar."acme/orders".history WHERE false`,
    `select (select count(*) from "acme/orders".history limit 0)`,
    `EXPLAIN SELECT 1 FROM pulsar . /* x */ "ACME/orders" . history WHERE 1 = 0`,
    `SHOW TABLES FROM pulsar."acme/orders"`,
  ])("do not name another namespace, even where no row is read: %s", async (sql) => {
    const server = await trino(planned(aNumber));
    const error = await errorOf(open(server.url).query({ sql, maxRows: 1 }, asked()));
    expect(error).toMatchObject({ code: "readOnly" });
    expect(error.message).toMatch(
      /^Only the topics of public\/travel can be asked here, not those of "acme\/orders"/i,
    );
    expect(server.queries).toEqual([]);
  });

  it("may name their own, and hold what looks like another in a text", async () => {
    const server = await trino(planned(aNumber));
    const sql = `SELECT 'see "acme/orders"' FROM pulsar."public/travel".history -- "a/b"`;
    await open(server.url).query({ sql, maxRows: 1 }, asked());
    expect(server.queries.at(-1)?.text).toBe(sql);
  });

  it.each([
    ["SELECT foo", 1, 8],
    ["EXPLAIN SELECT foo", 1, 16],
    ["EXPLAIN\n  SELECT foo", 2, 10],
  ])("say where their mistake is: %j", async (statement, line, column) => {
    // The plan is asked for with one line before the statement, and without its EXPLAIN.
    const server = await trino(() =>
      failing("COLUMN_NOT_FOUND", "line 2:8: Column 'foo' cannot be resolved", {
        errorLocation: { lineNumber: 2, columnNumber: 8 },
      }),
    );
    const error = await errorOf(open(server.url).query({ sql: statement, maxRows: 1 }, asked()));
    expect(error).toMatchObject({
      code: "invalid",
      message: "Column 'foo' cannot be resolved.",
      line,
      column,
    });
  });
});

describe("What Pulsar SQL lacks is said in one sentence:", () => {
  const log = { partitions: 4, ignored: [] };
  const run = { place: { runId: "r1", partition: 0 }, log };

  it.each([
    ["CATALOG_NOT_FOUND", "line 1:8: Catalog 'pulsar' does not exist", "has no catalogue pulsar"],
    [
      "SCHEMA_NOT_FOUND",
      "line 1:8: Schema 'public/travel' does not exist",
      "finds no namespace public/travel",
    ],
    ["NOT_FOUND", "Table 'public/travel.history' not found", "has no history topic: run downbeat setup"],
    ["COLUMN_NOT_FOUND", "line 1:9: Column 'h.decisions' cannot be resolved", "has no schema"],
    ["COLUMN_NOT_FOUND", "line 1:9: Column 'h.kind' cannot be resolved", "has no schema"],
  ])("%s", async (errorName, message, sentence) => {
    const server = await trino(() => failing(errorName, message));
    const error = await errorOf(open(server.url).run(run, asked()));
    expect(error).toMatchObject({ code: "notSetUp" });
    expect(error.message).toContain(sentence);
  });

  it("a server", async () => {
    const server = await new FakeTrino(() => []).listen();
    const { url } = server;
    await server[Symbol.asyncDispose]();
    const error = await errorOf(open(url).check(new AbortController().signal));
    expect(error).toMatchObject({ code: "unavailable" });
    expect(error.message).toMatch(/does not answer at http:.*Is it running\?/);
  });

  it("a right password", async () => {
    const server = await trino(() => [{ status: 401 }]);
    expect(await errorOf(open(server.url).run(run, asked()))).toMatchObject({ code: "refused" });
  });

  it("an address that can be one", () => {
    const options = { tenant: "public", namespace: "travel" };
    expect(() => openPulsarSql({ ...options, url: "localhost:8081" })).toThrow("give it as http://host:port");
    expect(() => openPulsarSql({ ...options, url: "http://x", password: "p" })).toThrow("only over https");
    expect(() => openPulsarSql({ ...options, url: "http://x", namespace: 'a"; DROP' })).toThrow(ColdError);
  });
});

describe("The events of a run", () => {
  const events = (...types: object[]) => JSON.stringify(types);
  const started = [
    "r'1",
    1,
    1_000,
    "i1",
    events({ type: "RunStarted", workflow: "w", input: "1", labels: null }),
  ];
  const over = ["r'1", 2, 2_000, "i2", events({ type: "RunCompleted", output: "2", failure: null })];
  const columns = [["runid", "varchar"]] as const;
  const place = { runId: "r'1", partition: 3, from: 100_000, to: 200_000, seq: 2 };
  const log = { partitions: 4, ignored: [] };

  it("are looked for around their times with bound values, and put together without the nulls", async () => {
    const server = await trino(() => answering(columns, [over, started]));
    const answer = await open(server.url).run({ place, log }, asked());
    expect(answer.value.steps).toEqual([
      { seq: 1, at: 1_000, inputId: "i1", events: [{ type: "RunStarted", workflow: "w", input: "1" }] },
      { seq: 2, at: 2_000, inputId: "i2", events: [{ type: "RunCompleted", output: "2" }] },
    ]);
    expect(answer.isComplete).toBe(true);
    const [query, ...others] = server.queries;
    expect(others).toEqual([]);
    expect(query?.text).not.toContain("r'1");
    expect(query?.values).toBe(
      "3, TIMESTAMP '1970-01-01 00:01:39.000', TIMESTAMP '1970-01-01 00:03:21.000', 'r''1'",
    );
  });

  it("are looked for further and further until they are whole", async () => {
    const server = await trino(({ values }) =>
      answering(columns, values.includes("TIMESTAMP") ? [started] : [started, over]),
    );
    const answer = await open(server.url).run({ place, log }, asked());
    expect(server.queries).toHaveLength(3);
    expect(answer.value.steps).toHaveLength(2);
    expect(answer.isComplete).toBe(true);
  });

  it("are said to be incomplete when they are nowhere", async () => {
    const server = await trino(() => answering(columns, [started]));
    const answer = await open(server.url).run({ place, log }, asked());
    expect(answer).toMatchObject({ isComplete: false, note: "Of 2 events, Pulsar SQL holds 1 so far." });
  });

  it("come without records that do not count, by their place in the log", async () => {
    const server = await trino(() => answering(columns, [started, over]));
    const ignored = [
      { partition: 3, position: position(7, 12) },
      { partition: 3, position: position(7, 13, 2) },
      { partition: 1, position: position(8, 1) },
    ];
    await open(server.url).run({ place, log: { partitions: 4, ignored } }, asked());
    expect(server.queries[0]?.text).toContain(
      "NOT contains(CAST(json_parse(?) AS array(varchar)), h.__message_id__)",
    );
    expect(server.queries[0]?.values).toContain(`'["(7,12,0)","(7,13,2)"]'`);
  });

  it("are given up to where two records say different things, when it is not known which counts", async () => {
    const rival = ["r'1", 2, 2_500, "zombie", events({ type: "RunCancelled" })];
    const server = await trino(() => answering(columns, [started, over, over, rival]));
    const sql = open(server.url);
    const answer = await sql.run({ place, log: { partitions: 4 } }, asked());
    expect(answer.value.steps.map(({ seq }) => seq)).toEqual([1]);
    expect(answer.isComplete).toBe(false);
    expect(answer.note).toMatch(/^Two records say what event 2 of this run is/);
    expect(await sql.run({ place: { ...place, seq: 1 }, log: { partitions: 4 } }, asked())).toMatchObject({
      isComplete: true,
    });
  });

  it("count once when the log holds a record twice", async () => {
    const server = await trino(() => answering(columns, [started, started, over, over]));
    expect((await open(server.url).run({ place, log }, asked())).value.steps).toHaveLength(2);
  });
});

/** For what lies behind a period. */
function isLook(text: string): boolean {
  return text.startsWith("SELECT h.__partition__, min(");
}

describe("Questions as of a time", () => {
  const log = { partitions: 2, ignored: [] };
  const asOf = 86_400_000;

  it("look at each record's own time, and read beyond it what the connector needs", async () => {
    const server = await trino(({ text }) =>
      isLook(text)
        ? answering(
            [["n", "bigint"]],
            // Of partition 1 the look itself leaves one out.
            [
              [0, [asOf + 61_000, asOf + 62_000]],
              [1, [asOf + 61_500]],
            ],
          )
        : answering([["n", "bigint"]], []),
    );
    const sql = open(server.url);
    const period = { from: 1_000_000, to: 2 * asOf };
    await sql.listRuns({ filter: period, limit: 5, asOf, log }, asked());
    await sql.counts({ ...period, asOf, log }, asked());
    const series = await sql.series({ ...period, from: 3_600_000, spanMs: 3_600_000, asOf, log }, asked());
    expect(series.completeTo).toBe(asOf - 1);
    const asking = server.queries.filter(({ text }) => text.includes("d.events"));
    expect(asking).toHaveLength(3);
    for (const { text, values } of asking) {
      expect(text).toContain(
        "date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', h.__publish_time__) < ?",
      );
      expect(values).toContain("86400000");
      expect(values).toContain("TIMESTAMP '1970-01-02 00:01:05.000'");
      expect(text).not.toContain("h.__publish_time__ < ?");
    }
  });

  it("say when it is not known which records count", async () => {
    const server = await trino(() => answering([["n", "bigint"]], []));
    const sql = open(server.url);
    const counts = (known: object) =>
      sql.counts({ from: 0, to: 1, log: { partitions: 2, ...known } }, asked());
    expect((await counts({})).note).toMatch(/^Which records of the log don't count is not known yet/);
    expect((await counts({ ignored: [] })).note).toBeUndefined();
  });
});

describe("Statements", () => {
  it("are short enough to travel in a header of 8 KB", async () => {
    // Each partition has an end of its own to be read to, so a statement has as many scans as it ever has.
    let looks = 0;
    const server = await trino(({ text }) => {
      return answering([["n", "bigint"]], isLook(text) ? [[looks++ % 5, [2_900_000]]] : []);
    });
    const sql = open(server.url);
    const ignored = Array.from({ length: 500 }, (_, entry) => ({
      partition: 0,
      position: position(1, entry),
    }));
    const log = { partitions: 64, ignored };
    const period = { from: 1_000_000, to: 2_000_000 };
    const filter = {
      ...period,
      workflow: "w",
      text: "t",
      content: "card",
      labels: { a: "1", b: "2", c: "3", d: "4", e: "5" },
    };
    await sql.listRuns({ filter, before: { at: 5, runId: "r" }, limit: 50, asOf: 3_000_000, log }, asked());
    await sql.counts({ ...period, asOf: 3_000_000, log }, asked());
    await sql.series({ ...period, spanMs: 60_000, workflow: "w", log }, asked());
    await sql.run({ place: { runId: "r", partition: 1 }, log }, asked());
    await sql.ignored({ asOf: 3_000_000, log }, asked());
    await sql.openRuns({ asOf: 3_000_000, log }, asked());
    const places = [{ runId: "r", partition: 1, from: 1_000_000, to: 2_000_000, seq: 3 }];
    await sql.heads({ places, asOf: 3_000_000, log }, asked());
    for (const { headers } of server.queries)
      expect(String(headers["x-trino-prepared-statement"]).length).toBeLessThan(7_100);
  });
});
