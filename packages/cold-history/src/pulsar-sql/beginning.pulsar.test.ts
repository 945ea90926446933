import { partitionOf } from "@downbeat/domain";
import { comparePositions, type ReceivedMessage } from "@downbeat/message-log";
import { type Decision, encodeHistoryRecord, parseHistoryRecord } from "@downbeat/protocol";
import type { IgnoredRecord, KnownLog } from "@downbeat/read-model";
import { ReadModel } from "@downbeat/read-model";
import type { Step } from "@downbeat/read-model/rules";
import { LatencySketch, numberOf, textOf } from "@downbeat/read-model/rules";
import {
  adversarialLogs,
  HistoryLog,
  leftOutOf,
  openCache,
  Projection,
  scratchDirectory,
  syntheticHistory,
  usualMix,
} from "@downbeat/read-model/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Asked } from "../port/asked.ts";
import type { ColdHistory } from "../port/cold-history.ts";
import type { OpenRunPlace } from "../port/cold-open-runs.ts";
import { append, makeNamespace, readAll, untilVisible } from "../test/pulsar-history.ts";
import { checkedAddress } from "./address.ts";
import { execute } from "./execute.ts";
import { ignoredRecords } from "./ignored-records.ts";
import { openPulsarSql } from "./index.ts";
import { openRuns } from "./open-runs.ts";
import type { Question } from "./question.ts";
import type { throughout } from "./stretches.ts";
import { defaultTrinoLimits } from "./trino-client.ts";

const slow = 90_000;
const asked: Asked = { who: "ada", signal: new AbortController().signal };

/** @param skewMs small: so that what is read is bounded by times, and the records' own times are not of matter */
function open(namespace: string, skewMs: number): ColdHistory {
  const url = inject("pulsarSql");
  return openPulsarSql({ url, tenant: "public", namespace, skewMs, lookBackMs: skewMs });
}

function questionOf(namespace: string): Question {
  const address = checkedAddress({ url: inject("pulsarSql"), tenant: "public", namespace });
  const { who, signal } = asked;
  const options = { address, limits: defaultTrinoLimits, signal, timeoutMs: slow, who };
  return {
    address,
    now: Date.now(),
    skewMs: 0,
    lookBackMs: 0,
    mostRecords: 200_000,
    execute: (statement, most) => execute(statement, { ...options, most }),
  };
}

/** In stretches that end at these times. */
function cutAt(times: readonly number[]): typeof throughout {
  return async (to, question, take) => {
    let from: number | undefined;
    for (const end of [...times.filter((time) => time < to), to]) {
      await take({ from, to: end }, (statement) => question.execute(statement));
      from = end;
    }
  };
}

/** Times that cut the messages into parts of about the same length. */
function timesOf(messages: readonly ReceivedMessage[], parts: number): number[] {
  const times = messages.map(({ publishTime }) => publishTime).sort((a, b) => a - b);
  const cuts = Array.from({ length: parts - 1 }, (_, part) => {
    return times[Math.floor((times.length * (part + 1)) / parts)] ?? 0;
  });
  return [...new Set(cuts)];
}

const places = (records: readonly IgnoredRecord[]): string[] =>
  records.map(({ partition, position }) => `${partition} ${position}`).sort();

/** Some of the runs stay open. */
const scenarioOf = (run: number): string => (run % 10 === 0 ? "awaitingApproval" : usualMix(run));

describe("What the log took before a cut in its midst", () => {
  const partitions = 3;
  const [from, to] = [Date.UTC(2026, 10, 3), Date.UTC(2026, 10, 3, 1)];
  const years = 1_000 * 86_400_000;
  const scratch = scratchDirectory();
  const logs = Array.from({ length: partitions }, () => new HistoryLog().claim());
  const messages: { readonly partition: number; readonly message: ReceivedMessage }[] = [];
  let namespace = "";
  let asOf = 0;
  let sql: ColdHistory;
  let wide: ColdHistory;
  let readModel: ReadModel;
  let log: KnownLog;
  /** Folded from what lies before the cut. */
  const openPlaces: OpenRunPlace[] = [];
  const steps = new Map<string, Step[]>();

  beforeAll(async () => {
    namespace = await makeNamespace("sql-beginning", partitions);
    let count = 0;
    for (const message of syntheticHistory({ runs: 300, from, to: from + 120_000, batch: 1, scenarioOf })) {
      const record = parseHistoryRecord(message.payload);
      if (record?.kind !== "decisions") continue;
      for (const decision of record.decisions) {
        const history = logs[partitionOf(decision.runId, partitions)];
        count++;
        if (count % 50 === 0) history?.claim("next");
        if (count % 9 === 0) history?.zombie([rival(decision)]);
        if (count % 40 === 0) history?.lateClaim().zombie([rival(decision)]);
        history?.decide(record.at, [decision]);
        if (count % 30 === 0) history?.repeat(count);
      }
    }
    await Promise.all(
      logs.map((history, partition) =>
        append(
          namespace,
          partition,
          history.messages.map(({ payload }) => payload),
        ),
      ),
    );
    for (const [partition, history] of logs.entries()) {
      for (const message of await readAll(namespace, partition, history.messages.length))
        messages.push({ partition, message });
    }
    asOf = timesOf(
      messages.map(({ message }) => message),
      2,
    )[0] as number;

    const path = scratch.file("history.sqlite");
    const cache = openCache(path, "test");
    const projection = new Projection(cache);
    const before = messages.filter(({ message }) => message.publishTime < asOf);
    for (const { partition, message } of before) projection.take(partition, message);
    projection.flush();
    const ignored = cache.db.prepare("SELECT partition, position FROM ignored_records").all();
    log = {
      partitions,
      ignored: ignored.map((row) => ({
        partition: numberOf(row, "partition"),
        position: textOf(row, "position") as IgnoredRecord["position"],
      })),
    };
    const rows = cache.db.prepare(
      `SELECT r.run_id, r.partition, r.seq, d.first_published, d.last_published FROM runs r JOIN run_details d ON d.id = r.id
       WHERE r.ended_at IS NULL`,
    );
    for (const row of rows.all())
      openPlaces.push({
        runId: textOf(row, "run_id"),
        partition: numberOf(row, "partition"),
        from: numberOf(row, "first_published"),
        to: numberOf(row, "last_published"),
        seq: numberOf(row, "seq"),
      });
    cache.close();
    const skip = new Set(places(log.ignored ?? []));
    for (const { partition, message } of before) {
      const record = parseHistoryRecord(message.payload);
      if (record?.kind !== "decisions" || skip.has(`${partition} ${message.position}`)) continue;
      for (const { runId, seq, inputId, events } of record.decisions)
        steps.set(runId, [...(steps.get(runId) ?? []), { seq, at: record.at, inputId, events }]);
    }
    readModel = new ReadModel(path, () => 1_800_000_000_000);
    sql = open(namespace, 0);
    wide = open(namespace, years);
    await untilVisible(sql, messages.length);
  }, 120_000);

  afterAll(async () => {
    await sql.close();
    await wide.close();
    readModel.close();
    scratch.remove();
  });

  it("is about half of it, with runs on both sides and records that do not count", () => {
    expect(openPlaces.length).toBeGreaterThan(10);
    expect(log.ignored?.length).toBeGreaterThan(50);
    expect(steps.size - openPlaces.length).toBeGreaterThan(50);
  });

  it("says which records do not count", { timeout: slow }, async () => {
    const { value } = await sql.ignored({ asOf, log: { partitions } }, asked);
    expect(places(value)).toEqual(places(log.ignored ?? []));
  });

  it("says which runs were open, and where they are", { timeout: slow }, async () => {
    const { value, isComplete } = await sql.openRuns({ asOf, log }, asked);
    const byId = (a: OpenRunPlace, b: OpenRunPlace): number => (a.runId < b.runId ? -1 : 1);
    expect([...value.places].sort(byId)).toEqual([...openPlaces].sort(byId));
    expect(value.places.map((place) => place.from)).toEqual(
      openPlaces.map((place) => place.from).sort((a, b) => a - b),
    );
    expect([value.hasMore, isComplete]).toEqual([false, true]);
  });

  it("gives the beginnings of the open runs", { timeout: slow }, async () => {
    const asking = openPlaces.slice(0, 200);
    const { value, isComplete } = await sql.heads({ places: asking, asOf, log }, asked);
    expect(value.heads).toEqual(
      asking.map(({ runId, partition }) => ({ runId, partition, steps: steps.get(runId) })),
    );
    expect(isComplete).toBe(true);
  });

  it("is the same in stretches", { timeout: 2 * slow }, async () => {
    const question = questionOf(namespace);
    const times = timesOf(
      messages.map(({ message }) => message).filter(({ publishTime }) => publishTime < asOf),
      4,
    );
    expect(times.length).toBeGreaterThan(1);
    const through = cutAt(times);
    const ignored = await ignoredRecords({ asOf, log: { partitions } }, question, through);
    expect(places(ignored.value)).toEqual(places(log.ignored ?? []));
    const whole = await sql.openRuns({ asOf, log }, asked);
    expect((await openRuns({ asOf, log }, question, through)).value).toEqual(whole.value);
  });

  it("lists and counts its runs as they were", { timeout: slow }, async () => {
    const live = readModel.listRuns({ filter: {}, limit: 100 });
    const cold = await wide.listRuns({ filter: {}, limit: 100, asOf, log }, asked);
    const plain = (runs: typeof live.runs) => runs.map(({ why: _, whyTimes: _at, ...run }) => run);
    expect(plain(cold.value.runs)).toEqual(plain(live.runs));
    expect(cold.value.countsByStatus).toEqual(live.countsByStatus);
    const counts = await wide.counts({ from: 0, to: 1_800_000_000_000, asOf, log }, asked);
    const known = new Map(counts.value.workflows.map((one) => [one.workflow, one.counts]));
    const workflows = readModel.workflows().filter(({ counts: some }) => Object.values(some).some(Boolean));
    expect(Object.fromEntries(known)).toEqual(
      Object.fromEntries(workflows.map(({ workflow, counts: some }) => [workflow, some])),
    );
  });

  it("has its figures", { timeout: slow }, async () => {
    const spanMs = 60_000;
    const { value } = await wide.series({ from, to, spanMs, asOf, log }, asked);
    for (const bucket of readModel.overview({ from, to, bucketMs: spanMs }).buckets) {
      const rows = value.runs.filter(({ at }) => at === bucket.at);
      const sum = (of: "started" | "completed" | "failed" | "cancelled") =>
        rows.reduce((total, row) => total + row[of], 0);
      const durations = new LatencySketch();
      for (const row of rows) durations.merge(row.durations);
      const { to: _end, p50: _, p95 = 0, p99: __, ...counts } = bucket;
      expect({
        at: bucket.at,
        started: sum("started"),
        completed: sum("completed"),
        failed: sum("failed"),
        cancelled: sum("cancelled"),
      }).toEqual(counts);
      expect(Math.abs((durations.quantile(0.95) ?? 0) - p95)).toBeLessThanOrEqual(p95 * 0.01);
    }
  });

  it("does not guess which of two records counts when it is not known", { timeout: slow }, async () => {
    const { runId, partition, seq } = openPlaces.find((place) => isDisputed(place.runId)) as OpenRunPlace;
    const place = { runId, partition, seq };
    const unknown = await sql.run({ place, log: { partitions } }, asked);
    expect(unknown.isComplete).toBe(false);
    expect(unknown.note).toContain("which of them counts is not known yet");
    const known = await sql.run({ place, log }, asked);
    expect(known.value.steps.filter((step) => step.seq <= seq)).toEqual(steps.get(runId));
  });

  /** Whether a rival's record about the run lies before the cut. */
  function isDisputed(runId: string): boolean {
    return messages.some(({ message }) => {
      const record = parseHistoryRecord(message.payload);
      if (message.publishTime >= asOf || record?.kind !== "decisions") return false;
      return record.decisions.some((decision) => decision.runId === runId && decision.inputId === "zombie");
    });
  }
});

function rival(decision: Decision): Decision {
  return { ...decision, inputId: "zombie" };
}

describe("Records that engines would never write", () => {
  it("are left out as by the accept rule, in one look and in several", { timeout: 120_000 }, async () => {
    const partitions = 8;
    const namespace = await makeNamespace("sql-adversarial", partitions);
    const drawn = fc.sample(adversarialLogs, { numRuns: partitions * 8, seed: 7 });
    const none = [{}, { kind: "claim", id: "", at: 1 }, { kind: "decisions", id: "x", at: 1, events: 3 }];
    const messages: ReceivedMessage[] = [];
    const expected: string[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      // Several after one another: each begins with ids of its own, and goes on under the claims before.
      const log = drawn
        .slice(partition * 8, partition * 8 + 8)
        .flatMap((part, round) => part.map((record) => record && renamed(record, `${round}-`)));
      const payloads = log.map((record, index) =>
        record === undefined
          ? Buffer.from(JSON.stringify(none[index % none.length]))
          : encodeHistoryRecord(record),
      );
      await append(namespace, partition, payloads);
      const read = await readAll(namespace, partition, log.length);
      messages.push(...read);
      for (const index of leftOutOf(log)) expected.push(`${partition} ${read[index]?.position}`);
      expect(read.map(({ position }) => position)).toEqual(
        read.map(({ position }) => position).sort(comparePositions),
      );
    }
    const sql = open(namespace, 0);
    await untilVisible(sql, messages.length);
    const asOf = Math.max(...messages.map(({ publishTime }) => publishTime)) + 1;
    const whole = await sql.ignored({ asOf, log: { partitions } }, asked);
    expect(places(whole.value)).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(300);
    const question = questionOf(namespace);
    const through = cutAt(timesOf(messages, 5));
    const again = await ignoredRecords({ asOf, log: { partitions } }, question, through);
    expect(places(again.value)).toEqual(expected);
    await sql.close();
  });
});

it("Records that are there again do not take with them what builds on them, within a stretch and across two", {
  timeout: slow,
}, async () => {
  const namespace = await makeNamespace("sql-again", 1);
  const record = (id: string, prev: string) => {
    const more = { claimId: "claim", at: 1, dispatchedUpTo: 0, decisions: [] };
    return encodeHistoryRecord({ kind: "decisions", id, prev, ...more });
  };
  const claim = encodeHistoryRecord({ kind: "claim", id: "claim", epoch: 1, owner: "any", at: 1 });
  const chain = [record("a", "claim"), record("b", "a")];
  await append(namespace, 0, [claim, ...chain]);
  const first = await readAll(namespace, 0, 3);
  const cut = (first[2]?.publishTime ?? 0) + 1;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(cut));
  await append(namespace, 0, [...chain, record("c", "b")]);
  const messages = await readAll(namespace, 0, 6);
  const again = [3, 4].map((index) => `0 ${messages[index]?.position}`);
  const sql = open(namespace, 0);
  await untilVisible(sql, 6);
  const asOf = (messages[5]?.publishTime ?? 0) + 1;
  const query = { asOf, log: { partitions: 1 } };
  expect(places((await sql.ignored(query, asked)).value)).toEqual(again);
  const inTwo = await ignoredRecords(query, questionOf(namespace), cutAt([cut]));
  expect(places(inTwo.value)).toEqual(again);
  await sql.close();
});

function renamed<T extends object>(record: T, prefix: string): T {
  const ids = Object.entries(record).map(([name, value]) => [
    name,
    name === "id" || name === "prev" ? prefix + String(value) : value,
  ]);
  return Object.fromEntries(ids) as T;
}
