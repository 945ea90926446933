import type { PartitionTrouble } from "@downbeat/domain";
import { expect, test } from "vitest";
import { readiness } from "../src/http/readiness.ts";

const stalled: PartitionTrouble = {
  partition: 3,
  kind: "stalled",
  waiting: 12,
  forMs: 40_000,
  owner: "engine-a",
};

function namespaceWith(undecided: readonly PartitionTrouble[], leftOut = 0) {
  const freshness = { completeTo: 0, behind: 0, live: true, ...(undecided.length > 0 && { undecided }) };
  const status = {
    connected: true,
    caughtUp: true,
    partitions: 8,
    records: 0,
    events: 0,
    flushMs: 0,
    leftOut,
    writeSide: [],
  };
  const feed = { freshness: () => freshness, status: () => status };
  return { tenant: "public", namespace: "default", trouble: "", feed, pulsarSql: undefined };
}

test("who reads well and knows that nobody decides is not ready, and says why", () => {
  const { ready, namespaces } = readiness([namespaceWith([stalled])], "all");
  expect(ready).toBe(false);
  expect(namespaces[0]?.checks).toEqual([
    { name: "log", ok: true },
    { name: "readModel", ok: true },
    {
      name: "decisions",
      ok: false,
      reason: "Partition 3: 12 commands wait, nothing was decided for 40 s (owner engine-a).",
    },
  ]);
});

test("whether answers are worth asking for is another question, with the same checks", () => {
  const reads = readiness([namespaceWith([stalled])], "reads");
  expect(reads.ready).toBe(true);
  expect(reads.namespaces[0]?.checks).toMatchObject([{ ok: true }, { ok: true }, { ok: false }]);
  expect(readiness([namespaceWith([])], "all").ready).toBe(true);
});

test("a Pulsar SQL that isn't there is named, and everything else is ready", () => {
  const away = {
    ...namespaceWith([]),
    pulsarSql: { trouble: "Pulsar SQL does not answer at http://sql:8081." },
  };
  const { ready, namespaces } = readiness([away], "all");
  expect(ready).toBe(true);
  expect(namespaces[0]?.ready).toBe(true);
  expect(namespaces[0]?.checks.at(-1)).toEqual({
    name: "pulsarSql",
    ok: false,
    optional: true,
    reason:
      "Pulsar SQL does not answer at http://sql:8081. Until it is there, what has left the hot window and queries to all of history are missing; everything else works.",
  });
  const there = { ...namespaceWith([]), pulsarSql: { trouble: undefined } };
  expect(readiness([there], "all").namespaces[0]?.checks.at(-1)).toEqual({
    name: "pulsarSql",
    ok: true,
    optional: true,
  });
});

test("history that can't be used is named, and what there is can be asked for", () => {
  const lacking = namespaceWith([], 2);
  const { ready, namespaces } = readiness([lacking], "all");
  expect(ready).toBe(true);
  expect(namespaces[0]?.checks.at(-1)).toEqual({
    name: "history",
    ok: false,
    optional: true,
    reason:
      "2 records of history can't be used, or what was read is gone from the log: the Quarantine page and downbeat quarantine list say what is missing.",
  });
});

test("a topic that takes nothing is named, and the rest is ready", () => {
  const served = namespaceWith([]);
  const refusing = [{ topic: "jobs-pay", reason: "the topic is terminated." }];
  const freshness = () => ({ ...served.feed.freshness(), refusing });
  const { ready, namespaces } = readiness([{ ...served, feed: { ...served.feed, freshness } }], "all");
  expect(ready).toBe(true);
  expect(namespaces[0]?.checks.at(-1)).toEqual({
    name: "topics",
    ok: false,
    optional: true,
    reason:
      "Nothing can be sent to a topic, and what belongs there waits; everything else goes on. jobs-pay: the topic is terminated.",
  });
});

test("who can't tell whether commands are decided is not ready, and says why; reads go on", () => {
  const why = "the log doesn't say what waits: 503 (The disk that holds the log is full.)";
  const unknown = [{ partition: 3, kind: "unknown", waiting: 0, forMs: 12_000, why }] as const;
  const { ready, namespaces } = readiness([namespaceWith(unknown)], "all");
  expect(ready).toBe(false);
  expect(namespaces[0]?.checks.at(-1)).toEqual({
    name: "decisions",
    ok: false,
    reason:
      "Whether commands are decided in partition 3 can't be told, for 12 s now: the log doesn't say what waits: 503 (The disk that holds the log is full.).",
  });
  expect(readiness([namespaceWith(unknown)], "reads").ready).toBe(true);
});
