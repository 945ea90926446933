import type { ColdHistory } from "@downbeat/cold-history";
import { openPulsarSql } from "@downbeat/cold-history/pulsar-sql";
import { append, makeNamespace, readAll, untilVisible } from "@downbeat/cold-history/testing";
import { partitionOf, type RunEvent } from "@downbeat/domain";
import type { ReceivedMessage } from "@downbeat/message-log";
import {
  type Decision,
  encodeHistoryRecord,
  type HistoryRecord,
  parseHistoryRecord,
} from "@downbeat/protocol";
import {
  decisionsOf,
  everyEvent,
  openCache,
  Projection,
  scratchDirectory,
} from "@downbeat/read-model/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { trinoExamples } from "../src/trino-examples.ts";

const partitions = 2;
const asked = { who: "ada", signal: new AbortController().signal };

/** A partition whose owner is replaced again and again, while those before go on writing for a moment. */
class TakenOver {
  readonly payloads: Uint8Array[] = [];
  #epoch = 0;
  #claim = "";
  #last = "";
  #records = 0;

  decide(at: number, decision: Decision): void {
    if (this.#records % 7 === 0) this.#takeOver(at);
    this.#last = this.#append(this.#decisions(at, this.#last, decision));
  }

  #takeOver(at: number): void {
    const before = { claim: this.#claim, last: this.#last, epoch: this.#epoch };
    this.#claim = `claim-${++this.#epoch}-${this.#records}`;
    const claim = { kind: "claim", epoch: this.#epoch, owner: `engine-${this.#epoch}`, at } as const;
    this.#last = this.#append({ ...claim, id: this.#claim });
    if (before.epoch === 0) return;
    // Of the owner before, which doesn't know it yet: starts that never were, an error, and a person's action. And somebody who claims too late.
    const late = { ...claim, owner: "late" };
    this.#append({ ...late, id: `late-${this.#epoch}` });
    const action = { actionId: `ghost-${this.#epoch}`, actor: "nobody", reason: "ghost" };
    const failure = { kind: "code", name: "Ghost", message: "never was" } as const;
    const events: RunEvent[] = [
      { type: "RunStarted", workflow: "order", input: "1" },
      { type: "RunStuck", failure },
      { type: "RunTerminated", action },
    ];
    const ghost = { runId: `ghost-${this.#epoch}`, workflow: "order", inputId: "i", seq: 1, events };
    const record = this.#decisions(at, before.last, ghost);
    this.#append({ ...record, claimId: before.claim, epoch: before.epoch, id: `zombie-${this.#records}` });
  }

  #decisions(at: number, prev: string, decision: Decision) {
    const id = `record-${this.#epoch}-${this.#records}`;
    const rest = { id, prev, claimId: this.#claim, epoch: this.#epoch, at, dispatchedUpTo: 0 };
    return { kind: "decisions", ...rest, decisions: [decision] } as const;
  }

  #append(record: HistoryRecord): string {
    this.#records += 1;
    this.payloads.push(encodeHistoryRecord(record));
    return record.id;
  }
}

const scratch = scratchDirectory();
let sql: ColdHistory;
/** What the read model takes of it. */
const taken: { readonly partition: number; readonly record: HistoryRecord }[] = [];
let leftOut = 0;

beforeAll(async () => {
  const namespace = await makeNamespace("sql-examples", partitions);
  const logs = Array.from({ length: partitions }, () => new TakenOver());
  for (const { at, decision } of decisionsOf(everyEvent()))
    logs[partitionOf(decision.runId, partitions)]?.decide(at, decision);
  const cache = openCache(scratch.file("history.sqlite"), "test");
  const projection = new Projection(cache);
  const messages: { readonly partition: number; readonly message: ReceivedMessage }[] = [];
  for (const [partition, { payloads }] of logs.entries()) {
    await append(namespace, partition, payloads);
    for (const message of await readAll(namespace, partition, payloads.length)) {
      projection.take(partition, message);
      messages.push({ partition, message });
    }
  }
  projection.flush();
  const rows = cache.db.prepare("SELECT partition, position FROM ignored_records").all();
  cache.close();
  const ignored = new Set(rows.map(({ partition, position }) => `${partition} ${position}`));
  for (const { partition, message } of messages) {
    const record = parseHistoryRecord(message.payload);
    if (ignored.has(`${partition} ${message.position}`)) leftOut += 1;
    else if (record !== undefined) taken.push({ partition, record });
  }
  sql = openPulsarSql({ url: inject("pulsarSql"), tenant: "public", namespace });
  await untilVisible(sql, messages.length);
}, 120_000);
afterAll(() => sql.close());

async function rowsOf(name: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const example = trinoExamples.find((one) => one.name === name);
  const { value } = await sql.query({ sql: example?.sql ?? "", maxRows: 1_000 }, asked);
  return value.rows.map((row) =>
    Object.fromEntries(value.columns.map((column, index) => [column.name, row[index]])),
  );
}

const events = () =>
  taken.flatMap(({ record }) =>
    record.kind === "claim"
      ? []
      : record.decisions.flatMap(({ runId, seq, events }) =>
          events.map((event, index) => ({ runId, seq: seq === 0 ? 0 : seq + index, event })),
        ),
  );
const count = (type: RunEvent["type"]) => events().filter(({ event }) => event.type === type).length;
const sum = (rows: readonly Readonly<Record<string, unknown>>[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

test("there were take-overs, and records that don't count", () => {
  expect(leftOut).toBeGreaterThan(4);
});

const within = { timeout: 180_000 };

test("throughput counts what the read model counts", within, async () => {
  const rows = await rowsOf("Throughput by hour, last two days");
  expect([sum(rows, "started"), sum(rows, "completed"), sum(rows, "failed")]).toEqual([
    count("RunStarted"),
    count("RunCompleted"),
    count("RunFailed"),
  ]);
});

test("the newest events are those of the read model", within, async () => {
  const rows = await rowsOf("The newest events");
  const known = new Set(events().map(({ runId, seq, event }) => `${runId} ${seq} ${event.type}`));
  const shown = rows.map(({ run_id, seq, type }) => `${run_id} ${seq} ${type}`);
  expect(new Set(shown).size).toBe(Math.min(100, events().filter(({ seq }) => seq > 0).length));
  expect(shown.filter((one) => !known.has(one))).toEqual([]);
});

test("the slowest runs are runs of the read model", within, async () => {
  const rows = await rowsOf("Slowest runs that started last week");
  const runIds = new Set(events().flatMap(({ runId, event }) => (event.type === "RunStarted" ? runId : [])));
  expect(new Set(rows.map(({ run_id }) => run_id))).toEqual(runIds);
});

test("errors are counted as in the read model", within, async () => {
  const rows = await rowsOf("Errors by name, last week");
  expect(rows.filter(({ error_name }) => error_name === "Ghost")).toEqual([]);
  expect(sum(rows, "errors")).toBe(count("AttemptFailed") + count("JobRejected") + count("RunStuck"));
});

test("what people did is what the read model has taken", within, async () => {
  const rows = await rowsOf("What people did, last week");
  const acted = events().filter(({ event }) => "action" in event && event.action !== undefined);
  expect(rows).toHaveLength(acted.length);
  expect(rows.filter(({ actor }) => actor === "nobody")).toEqual([]);
});

test("owners are those whose claims count", within, async () => {
  const rows = await rowsOf("Who owned which partition, last week");
  const owners = taken.flatMap(({ partition, record }) =>
    record.kind === "claim" ? `${partition} ${record.epoch} ${record.owner}` : [],
  );
  expect(rows.map(({ part, epoch, owner }) => `${part} ${epoch} ${owner}`).toSorted()).toEqual(
    owners.toSorted(),
  );
});
