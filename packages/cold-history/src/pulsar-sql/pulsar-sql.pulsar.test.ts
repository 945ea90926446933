import { readFileSync } from "node:fs";
import { partitionOf, type RunEvent } from "@downbeat/domain";
import type { Decision } from "@downbeat/protocol";
import type { IgnoredRecord, KnownLog } from "@downbeat/read-model";
import { ReadModel } from "@downbeat/read-model";
import type { Step } from "@downbeat/read-model/rules";
import { LatencySketch } from "@downbeat/read-model/rules";
import {
  decisionsOf,
  everyEvent,
  HistoryLog,
  openCache,
  Projection,
  scratchDirectory,
  syntheticHistory,
} from "@downbeat/read-model/testing";
import type { RunFilter } from "@downbeat/read-model/views";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Asked } from "../port/asked.ts";
import type { ColdHistory } from "../port/cold-history.ts";
import { append, makeNamespace, readAll, untilVisible } from "../test/pulsar-history.ts";
import { openPulsarSql } from "./index.ts";

interface FrozenRun {
  readonly history: readonly {
    readonly context: {
      readonly runId: string;
      readonly seq: number;
      readonly at: number;
      readonly inputId: string;
    };
    readonly event: RunEvent;
  }[];
}

const allFrozen: readonly FrozenRun[] = JSON.parse(
  readFileSync(new URL("../../../domain/histories/every-event.json", import.meta.url), "utf8"),
);
// Of a run that was set aside a record is missing, which can't be written here.
const frozen = allFrozen.filter(({ history }) => history.every((step) => "event" in step));
const partitions = 2;
const slow = 60_000;
// The records of these tests say that they are of other times than the log took them.
const years = 1_000 * 86_400_000;
const asked: Asked = { who: "ada", signal: new AbortController().signal };

function open(namespace: string, skewMs = years): ColdHistory {
  return openPulsarSql({
    url: inject("pulsarSql"),
    tenant: "public",
    namespace,
    skewMs,
    lookBackMs: skewMs,
  });
}

describe("Pulsar SQL over a history with everything in it", () => {
  const scratch = scratchDirectory();
  let sql: ColdHistory;
  let readModel: ReadModel;
  let log: KnownLog;
  let published: { readonly from: number; readonly to: number };
  const runs = new Map<string, Step[]>();

  beforeAll(async () => {
    const namespace = await makeNamespace("sql-everything", partitions);
    const logs = Array.from({ length: partitions }, () => new HistoryLog().claim());
    const decide = (at: number, decision: Decision): void => {
      logs[partitionOf(decision.runId, partitions)]?.decide(at, [decision]);
      const { runId, seq, inputId, events } = decision;
      runs.set(runId, [...(runs.get(runId) ?? []), { seq, at, inputId, events }]);
    };
    for (const [index, { history }] of frozen.entries()) {
      const started = history.flatMap(({ event }) => (event.type === "RunStarted" ? [event.workflow] : []));
      const [workflow = "order"] = started;
      for (const { context, event } of history) {
        const runId = `${context.runId}-${index}`;
        const { seq, inputId } = context;
        // One after the other: the times of a partition never go back.
        decide(context.at + index * 1_000_000, { runId, workflow, inputId, seq, events: [event] });
      }
    }
    for (const { at, decision } of decisionsOf(everyEvent())) decide(at, decision);
    for (const message of syntheticHistory({
      runs: 200,
      from: Date.UTC(2026, 10, 3),
      to: Date.UTC(2026, 10, 4),
      batch: 1,
    })) {
      const record = JSON.parse(Buffer.from(message.payload).toString());
      if (record.kind === "decisions") decide(record.at, record.decisions[0]);
    }
    // What does not count: of an owner that was replaced, a late claim, and a record that was sent twice.
    const wrong = [...runs.keys()].slice(0, 5).map((runId) => ({
      runId,
      workflow: "order",
      inputId: "zombie",
      seq: 1,
      events: [{ type: "RunStarted", workflow: "wrong", input: "0" }] satisfies RunEvent[],
    }));
    for (const history of logs) history.zombie(wrong).lateClaim().repeat(5);

    const path = scratch.file("history.sqlite");
    const cache = openCache(path, "test");
    const projection = new Projection(cache);
    let [first, last] = [Number.POSITIVE_INFINITY, 0];
    for (const [partition, { messages }] of logs.entries()) {
      await append(
        namespace,
        partition,
        messages.map(({ payload }) => payload),
      );
      for (const message of await readAll(namespace, partition, messages.length)) {
        projection.take(partition, message);
        [first, last] = [Math.min(first, message.publishTime), Math.max(last, message.publishTime)];
      }
    }
    projection.flush();
    const rows = cache.db.prepare("SELECT partition, position FROM ignored_records").all();
    log = {
      partitions,
      ignored: rows.map(({ partition, position }) => ({
        partition: Number(partition),
        position: String(position) as IgnoredRecord["position"],
      })),
    };
    cache.close();
    published = { from: first, to: last };
    readModel = new ReadModel(path, () => 1_800_000_000_000);
    sql = open(namespace);
    await untilVisible(
      sql,
      logs.reduce((sum, { messages }) => sum + messages.length, 0),
    );
  }, 120_000);

  afterAll(async () => {
    await sql.close();
    readModel.close();
    scratch.remove();
  });

  it("puts every event of the frozen histories together as it was written", {
    timeout: 120_000,
  }, async () => {
    for (const runId of [...runs.keys()].filter((id) => id.startsWith("order-"))) {
      const steps = runs.get(runId) ?? [];
      const place = { runId, partition: partitionOf(runId, partitions), seq: steps.length };
      const answer = await sql.run({ place, log }, asked);
      expect(answer.value.steps).toEqual(steps);
      expect(answer.isComplete).toBe(true);
    }
  });

  it("holds the newest record of a partition though a bound on the time would leave it out", {
    timeout: slow,
  }, async () => {
    for (const partition of [0, 1]) {
      const last = [...runs].filter(([runId]) => partitionOf(runId, partitions) === partition).at(-1);
      const [runId = "", steps = []] = last ?? [];
      const seq = steps.reduce((sum, step) => sum + step.events.length, 0);
      const answer = await sql.run({ place: { runId, partition, ...published, seq }, log }, asked);
      expect(answer.value.steps).toEqual(steps);
    }
  });

  it.each<RunFilter>([
    {},
    { status: ["completed"] },
    { status: ["waiting", "stuck"] },
    { workflow: "bookTrip", status: ["failed", "cancelled"] },
    { labels: { region: "eu" } },
    { text: "ORDER-5000" },
    { text: "booktr" },
    { content: "NO ROOM left", from: Date.UTC(2026, 10, 3) },
    { content: '"flightBooking', status: ["completed"] },
    { by: "ended", content: "miradouro" },
    { by: "ended" },
    { by: "ended", text: "order-50001", status: ["completed"] },
    { from: Date.UTC(2026, 10, 3, 6), to: Date.UTC(2026, 10, 3, 12) },
    { by: "ended", from: Date.UTC(2026, 10, 3, 6), to: Date.UTC(2026, 10, 3, 12), labels: { region: "us" } },
  ])("lists the runs of %j as the live list does", { timeout: slow }, async (filter) => {
    const live = readModel.listRuns({ filter, limit: 40 });
    const cold = await sql.listRuns({ filter, limit: 40, log }, asked);
    const { runs: coldRuns, ...counts } = cold.value;
    const byTime = (a: { startedAt: number; endedAt?: number; runId: string }, b: typeof a): number =>
      (filter.by === "ended" ? (b.endedAt ?? 0) - (a.endedAt ?? 0) : b.startedAt - a.startedAt) ||
      (a.runId < b.runId ? 1 : -1);
    const comparable = (list: typeof coldRuns) =>
      [...list].sort(byTime).map(({ why: _, whyTimes: _at, ...run }) => run);
    expect(comparable(coldRuns)).toEqual(comparable(live.runs));
    // What else says so the live list does not count: each run would have to be looked into.
    if (filter.content !== undefined) return;
    expect(counts).toEqual({
      hasMore: live.cursor !== undefined,
      count: live.count,
      countIsLowerBound: false,
      countsByStatus: live.countsByStatus,
    });
  });

  it("lists page after page", { timeout: slow }, async () => {
    const filter: RunFilter = { status: ["completed"] };
    const whole = (await sql.listRuns({ filter, limit: 30, log }, asked)).value.runs;
    const [half] = whole.slice(14, 15);
    if (half === undefined) throw new Error("There are too few runs.");
    const before = { at: half.startedAt, runId: half.runId };
    const rest = await sql.listRuns({ filter, before, limit: 15, log }, asked);
    expect(rest.value.runs).toEqual(whole.slice(15));
  });

  it("counts by workflow and status as the projection does", { timeout: slow }, async () => {
    const answer = await sql.counts({ from: 0, to: 1_800_000_000_000, log }, asked);
    const known = new Map(answer.value.workflows.map(({ workflow, counts }) => [workflow, counts]));
    for (const { workflow, counts } of readModel.workflows()) expect(known.get(workflow)).toEqual(counts);
  });

  it("gives the figures that the Overview shows", { timeout: slow }, async () => {
    const [from, to, spanMs] = [Date.UTC(2026, 10, 3), Date.UTC(2026, 10, 4), 3_600_000];
    const { value, isComplete } = await sql.series({ from, to, spanMs, log }, asked);
    expect(isComplete).toBe(true);
    const live = readModel.overview({ from, to, bucketMs: spanMs });
    for (const bucket of live.buckets) {
      const rows = value.runs.filter(({ at }) => at === bucket.at);
      const sum = (of: "started" | "completed" | "failed" | "cancelled") =>
        rows.reduce((total, row) => total + row[of], 0);
      const durations = new LatencySketch();
      for (const row of rows) durations.merge(row.durations);
      const { to: _end, p50, p95, p99, ...counts } = bucket;
      expect({
        at: bucket.at,
        started: sum("started"),
        completed: sum("completed"),
        failed: sum("failed"),
        cancelled: sum("cancelled"),
      }).toEqual(counts);
      // In buckets from the first, where the read model keeps a few as they are.
      for (const [q, exact = 0] of [
        [0.5, p50],
        [0.95, p95],
        [0.99, p99],
      ] as const)
        expect(Math.abs((durations.quantile(q) ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.01);
    }
    for (const { jobType, completed, failedAttempts, rejected, stuck } of live.byJobType) {
      const rows = value.jobs.filter((row) => row.jobType === jobType);
      const sum = (of: "completed" | "failedAttempts" | "rejected" | "stuck") =>
        rows.reduce((total, row) => total + row[of], 0);
      expect([jobType, sum("completed"), sum("failedAttempts"), sum("rejected"), sum("stuck")]).toEqual([
        jobType,
        completed,
        failedAttempts,
        rejected,
        stuck,
      ]);
    }
    for (const { jobType, name, kind, count } of live.topErrors) {
      const rows = value.errors.filter(
        (row) => row.jobType === jobType && row.name === name && row.kind === kind,
      );
      expect(rows.reduce((total, row) => total + row.count, 0)).toBe(count);
    }
  });

  it("describes the history, and shows it to nobody of another namespace", { timeout: slow }, async () => {
    const { value } = await sql.schema(asked);
    const [history] = value.tables;
    expect(history?.name).toBe("history");
    expect(history?.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["kind", "decisions", "__partition__", "__publish_time__"]),
    );
    const other = open(await makeNamespace("sql-other", partitions));
    const namespace = (await sql.query({ sql: "SHOW TABLES", maxRows: 9 }, asked)).value.rows;
    expect(namespace).toEqual([["history"]]);
    const foreign = 'SELECT * FROM pulsar."public/default".history';
    await expect(other.query({ sql: foreign, maxRows: 1 }, asked)).rejects.toMatchObject({
      name: "ColdError",
    });
    await other.close();
  });

  it("says what is not there", { timeout: slow }, async () => {
    await expect(sql.check(asked.signal)).resolves.toBeUndefined();
    const nowhere = open("no-such-namespace");
    await expect(nowhere.check(asked.signal)).rejects.toMatchObject({ code: "notSetUp" });
    await nowhere.close();
    const mistaken = sql.query({ sql: "SELECT kind,\n  nothing FROM history", maxRows: 1 }, asked);
    await expect(mistaken).rejects.toMatchObject({ code: "invalid", line: 2, column: 3 });
  });

  it("ends a slow query at the server when nobody waits for it any more", { timeout: slow }, async () => {
    const leaving = new AbortController();
    const states: string[] = [];
    const many = "UNNEST(sequence(1, 10000))";
    const text = `SELECT count(*) FROM ${many} a (x) CROSS JOIN ${many} b (y) CROSS JOIN ${many} c (z) WHERE x * y = z`;
    const asking = sql.query(
      { sql: text, maxRows: 1 },
      { who: "linus", signal: leaving.signal, onProgress: ({ state }) => states.push(state) },
    );
    const ended = expect(asking).rejects.toMatchObject({ code: "cancelled" });
    const running = async (): Promise<number> => {
      const answer = await fetch(`${inject("pulsarSql")}/v1/query`, {
        headers: { "X-Trino-User": "downbeat" },
      });
      const queries = (await answer.json()) as { readonly state: string; readonly query: string }[];
      return queries.filter(({ state, query }) => query === text && state === "RUNNING").length;
    };
    await vi.waitFor(async () => expect(await running()).toBe(1), { timeout: 20_000 });
    leaving.abort();
    await ended;
    expect(await running()).toBe(0);
  });
});

describe("A period that ends before the log does", () => {
  it("has everything in it, also where a partition was silent afterwards", { timeout: 90_000 }, async () => {
    const namespace = await makeNamespace("sql-period", partitions);
    const logs = Array.from({ length: partitions }, () => new HistoryLog().claim());
    const started = (index: number, partition: number): Decision => {
      const event = { type: "RunStarted", workflow: "order", input: "1" } as const;
      return { runId: `run-${index}-${partition}`, workflow: "order", inputId: "i", seq: 1, events: [event] };
    };
    let sent = [0, 0];
    const send = async (partition: number, indexes: readonly number[]): Promise<void> => {
      const history = logs[partition];
      for (const index of indexes) history?.decide(Date.now(), [started(index, partition)]);
      const payloads = history?.messages.map(({ payload }) => payload) ?? [];
      await append(namespace, partition, payloads.slice(sent[partition]));
      sent = sent.map((before, each) => (each === partition ? payloads.length : before));
    };
    await send(0, [1, 2, 3]);
    await send(1, [1, 2, 3]);
    const asOf = Date.now() + 1;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(asOf + 5));
    await send(0, [4, 5]);
    const sql = open(namespace, 0);
    await untilVisible(sql, 10);
    const query = { filter: {}, limit: 50, asOf, log: { partitions, ignored: [] } };
    const answer = await sql.listRuns(query, asked);
    expect(answer.value.runs.map(({ runId }) => runId).sort()).toEqual(
      [1, 2, 3].flatMap((index) => [`run-${index}-0`, `run-${index}-1`]).sort(),
    );
    await sql.close();
  });
});
