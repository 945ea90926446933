import { type MessageLog, position, type ReceivedMessage } from "@downbeat/message-log";
import {
  type Decision,
  encodeHistoryRecord,
  type HistoryRecord,
  readRecord,
  recordProperties,
} from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { type CompactedMessage, HistoryCompaction } from "../src/compaction/history-compaction.ts";

type Sent = HistoryRecord | string;

/** A partition in memory, which puts messages in the place of others as the embedded log does. */
class Partition {
  messages: ReceivedMessage[];
  readonly transactions: (readonly CompactedMessage[])[] = [];

  constructor(sent: readonly Sent[]) {
    this.messages = sent.map((one, index) => {
      const payload = typeof one === "string" ? Buffer.from(one) : encodeHistoryRecord(one);
      const properties = typeof one === "string" ? {} : { ...recordProperties(one.id, payload) };
      const publishTime = typeof one === "string" ? 0 : one.at;
      return { position: position(1, index), payload, properties, publishTime, redeliveryCount: 0 };
    });
  }

  async compact(
    endedBefore: number,
    more: {
      pause?: () => Promise<void>;
      forgottenBefore?: number;
      dryRun?: boolean;
      mostRecords?: number;
      mostRuns?: number;
    } = {},
  ) {
    const log: Pick<MessageLog, "lastPosition" | "openReader"> = {
      lastPosition: async () => this.messages.at(-1)?.position,
      openReader: async (_, { from, onMessage }) => {
        const after = typeof from === "string" ? "" : from.after;
        const found = this.messages.filter((one) => one.position > after);
        setImmediate(() => {
          for (const message of found) void onMessage(message);
        });
        return { close: async () => {} };
      },
    };
    return new HistoryCompaction({
      log: log as MessageLog,
      topic: "history-partition-0",
      endedBefore,
      forgottenBefore: 0,
      ...more,
      compact: async (compacted) => this.#put(compacted),
    }).run();
  }

  #put(compacted: readonly CompactedMessage[]): void {
    this.transactions.push(compacted);
    for (const { position: at, after, payload, properties } of compacted) {
      this.messages = this.messages.filter((one) => one.position <= after || one.position >= at);
      const index = this.messages.findIndex((one) => one.position === at);
      const old = this.messages[index];
      if (old === undefined) throw new Error(`There is nothing at ${at}.`);
      this.messages[index] = { ...old, payload, properties };
    }
  }

  /** What each message tells: of whom, up to which event, `-` for one that is removed. */
  get told(): string[] {
    return this.messages.map((message) => {
      const record = readRecord(message);
      if ("unreadable" in record) return "?";
      if (record.kind === "claim") return record.id;
      const parts = record.decisions.map(
        ({ runId, seq, events, removed }) =>
          `${runId}${removed === undefined ? seq + events.length - 1 : `-${seq}`}`,
      );
      return `${record.id}<${record.prev} ${parts.join(" ")}`.trimEnd();
    });
  }

  ordinals(): (number | undefined)[] {
    return this.messages.map((message) => {
      const record = readRecord(message);
      return "ordinal" in record ? record.ordinal : undefined;
    });
  }
}

const claim = (id: string, epoch: number, at = 0): HistoryRecord => ({
  kind: "claim",
  id,
  epoch,
  owner: "e",
  at,
});

function decided(
  id: string,
  prev: string,
  at: number,
  decisions: readonly Decision[],
  claimId = "c1",
): HistoryRecord {
  return { kind: "decisions", id, prev, claimId, at, dispatchedUpTo: 0, decisions };
}

const started = (runId: string): Decision => ({
  runId,
  workflow: "w",
  inputId: `${runId}/1`,
  seq: 1,
  events: [{ type: "RunStarted", workflow: "w", input: "1" }],
});
const ended = (runId: string): Decision => ({
  ...started(runId),
  inputId: `${runId}/2`,
  seq: 2,
  events: [{ type: "RunCompleted", output: "1" }],
});
const refusedOfNobody: Decision = {
  ...started("nobody"),
  seq: 0,
  events: [{ type: "CommandRefused", command: "CancelRun", code: "UnknownRun", message: "There is none." }],
};

test("records that tell of removed runs alone become the last of them, and others keep their place", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a")]),
    decided("d2", "d1", 2, [started("open"), ended("a")]),
    decided("d3", "d2", 3, [started("b")]),
    decided("d4", "d3", 4, [ended("b")]),
    decided("d5", "d4", 9, [started("young")]),
  ]);
  expect(await partition.compact(5)).toMatchObject({ runs: 2, records: 1 });
  expect(partition.told).toEqual(["c1", "d1<c1", "d2<d1 open1 a-2", "d4<d2 b-2", "d5<d4 young1"]);
  expect(partition.ordinals()).toEqual([undefined, 2, 3, 5, undefined]);
  expect(await partition.compact(5)).toEqual({ runs: 0, records: 0, bytes: 0 });
});

test("claims part what becomes one, and stay", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a")]),
    decided("d2", "d1", 1, [ended("a")]),
    claim("c2", 2),
    decided("d3", "c2", 1, [started("b")], "c2"),
    decided("d4", "d3", 1, [ended("b")], "c2"),
  ]);
  await partition.compact(5);
  expect(partition.told).toEqual(["c1", "d2<c1 a-2", "c2", "d4<c2 b-2"]);
});

test("what replaced owners wrote goes with what comes after it; what nobody can read stays", async () => {
  const zombie = decided("z", "long ago", 1, [started("z")]);
  const partition = new Partition([
    claim("c1", 1),
    zombie,
    decided("d1", "c1", 1, [started("open")]),
    "junk",
    decided("d2", "d1", 1, [started("a")]),
    zombie,
    decided("d3", "d2", 1, [ended("a")]),
    zombie,
  ]);
  await partition.compact(5);
  expect(partition.told).toEqual(["c1", "d1<c1 open1", "?", "d3<d1 a-2", "z<long ago z1"]);
});

test("what looks signed and is no record keeps nothing from being removed", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a")]),
    "junk",
    decided("d2", "d1", 1, [ended("a")]),
  ]);
  const [, , junk] = partition.messages;
  if (junk !== undefined) partition.messages[2] = { ...junk, properties: { mac: "k1.x" } };
  await partition.compact(5);
  expect(partition.told).toEqual(["c1", "d1<c1", "?", "d2<d1 a-2"]);
});

test("only what is older than asked for goes, to the ms", async () => {
  const sent = [
    claim("c1", 1),
    decided("d1", "c1", 4, [started("a"), ended("a")]),
    decided("d2", "d1", 5, [refusedOfNobody]),
  ];
  const young = new Partition(sent);
  expect(await young.compact(4)).toMatchObject({ runs: 0 });
  expect(young.transactions).toEqual([]);
  const old = new Partition(sent);
  expect(await old.compact(5)).toMatchObject({ runs: 1 });
  expect(old.told).toEqual(["c1", "d1<c1 a-2", "d2<d1 nobody0"]);
  await old.compact(6, { forgottenBefore: 4 });
  expect(old.told).toEqual(["c1", "d2<c1 a-2"]);
  await old.compact(6, { forgottenBefore: 5 });
  expect(old.told).toEqual(["c1", "d2<c1"]);
});

test("a dry run says what would go, and changes nothing", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a")]),
    decided("d2", "d1", 1, [ended("a")]),
  ]);
  const before = partition.told;
  const would = await partition.compact(5, { dryRun: true });
  expect(partition.told).toEqual(before);
  expect(would).toEqual(await partition.compact(5));
  expect(would).toMatchObject({ runs: 1, records: 1 });
});

test("the first message of all stays as it is, whatever it tells", async () => {
  const first = { ...decided("d1", "c0", 1, [started("a"), ended("a")]), epoch: 7 } as HistoryRecord;
  const partition = new Partition([first, decided("d2", "d1", 1, [started("b"), ended("b")])]);
  await partition.compact(5);
  expect(partition.told).toEqual(["d1<c0 a1 a2", "d2<d1 b-2"]);
});

test("the last part of a run is removed first, whatever fits into a transaction", async () => {
  const text = JSON.stringify("x".repeat(90_000));
  const wide = (runId: string): Decision => ({
    ...started(runId),
    events: [{ type: "RunStarted", workflow: "w", input: text }],
  });
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a"), wide("open1")]),
    decided("d2", "d1", 1, [
      wide("open2"),
      { ...started("b"), events: [...started("b").events, ...ended("b").events] },
    ]),
    decided("d3", "d2", 1, [wide("open3"), ended("a")]),
  ]);
  await partition.compact(5);
  const places = partition.transactions.map((compacted) =>
    compacted.map((one) => Number(one.position.split(":")[1])),
  );
  expect(places).toEqual([[2, 3], [1]]);
  expect(partition.told).toEqual(["c1", "d1<c1 open11", "d2<d1 open21 b-2", "d3<d2 open31 a-2"]);
});

test("runs that end in one go after another are all removed, with the records that hold their beginnings", async () => {
  const sent: Sent[] = [claim("c1", 1)];
  for (let n = 1; n <= 12; n++)
    sent.push(
      decided(`d${n}`, n === 1 ? "c1" : `d${n - 1}`, n, n <= 6 ? [started(`r${n}`)] : [ended(`r${n - 6}`)]),
    );
  const partition = new Partition(sent);
  expect(await partition.compact(20, { mostRecords: 2, mostRuns: 1 })).toMatchObject({ runs: 6 });
  expect(partition.told.filter((told) => told.includes("r") && !told.includes("-"))).toEqual([]);
  await partition.compact(20);
  expect(partition.told).toEqual(["c1", "d12<c1 r1-2 r2-2 r3-2 r4-2 r5-2 r6-2"]);
});

test("what is left of many runs is put into several records, each found at a glance", async () => {
  const long = "r".repeat(190);
  const sent: Sent[] = [claim("c1", 1)];
  for (let n = 1; n <= 400; n++) {
    const parts = [0, 1, 2].flatMap((one) => [started(`${long}${n}-${one}`), ended(`${long}${n}-${one}`)]);
    sent.push(decided(`d${n}`, n === 1 ? "c1" : `d${n - 1}`, 1, parts));
  }
  const partition = new Partition(sent);
  expect(await partition.compact(5)).toMatchObject({ runs: 1_200 });
  const sizes = partition.messages.slice(1).map(({ payload }) => payload.byteLength);
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThan(210_000);
});

const day = 86_400_000;

test("a run that has the id of a removed one loses nothing while it is open, and takes its place when it is over", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("open"), started("a")]),
    decided("d2", "d1", 1, [ended("a"), started("b")]),
    decided("d3", "d2", 2 * day, [started("a")]),
    decided("d4", "d3", 4 * day, [ended("a")]),
  ]);
  // As if the pass before had been interrupted: the first part of the old one is there, though its end was removed.
  const [, whole] = partition.messages;
  await partition.compact(day);
  partition.messages = partition.messages.map((one) => (one.position === whole?.position ? whole : one));
  expect(partition.told.slice(1, 3)).toEqual(["d1<c1 open1 a1", "d2<d1 a-2 b1"]);
  await partition.compact(3 * day);
  expect(partition.told).toEqual(["c1", "d1<c1 open1", "d2<d1 a-2 b1", "d3<d2 a1", "d4<d3 a2"]);
  await partition.compact(5 * day);
  expect(partition.told).toEqual(["c1", "d1<c1 open1", "d2<d1 b1", "d4<d2 a-2"]);
});

test("a run that was ever set aside, or that a damaged record names, keeps its history", async () => {
  const repaired: Decision = {
    ...started("a"),
    inputId: "a/repair",
    seq: 2,
    events: [
      {
        type: "RunRepaired",
        action: { actionId: "x", actor: "ada", reason: "" },
        outcome: "closed",
        message: "Closed.",
      },
    ],
  };
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a"), started("b"), ended("b"), started("c"), ended("c")]),
    // An event is missing before it.
    decided("d2", "d1", 1, [{ ...ended("a"), seq: 3 }]),
    decided("d3", "d2", 1, [repaired]),
    decided("d4", "d3", 1, [{ ...ended("b"), seq: 3 }]),
  ]);
  const last = partition.messages.at(-1);
  if (last !== undefined)
    partition.messages[4] = {
      ...last,
      payload: Buffer.from(Buffer.from(last.payload).toString().replace('"1"', '"2"')),
    };
  expect(await partition.compact(5, { forgottenBefore: 5 })).toMatchObject({ runs: 1 });
  expect(partition.told).toEqual(["c1", "d1<c1 a1 b1 b2", "d2<d1 a3", "d3<d2 a2", "?"]);
});

test("it lets others come first before each stretch and after each transaction", async () => {
  const partition = new Partition([claim("c1", 1), decided("d1", "c1", 1, [started("a"), ended("a")])]);
  let pauses = 0;
  await partition.compact(5, {
    pause: async () => {
      pauses += 1;
    },
  });
  expect(pauses).toBe(2);
});

/** So often it pauses: before each stretch that it looks at again, and after each transaction. */
async function pausesOf(
  partition: Partition,
  more: { forgottenBefore?: number; mostRecords?: number; mostRuns?: number } = {},
) {
  let pauses = 0;
  const figures = await partition.compact(50, {
    ...more,
    pause: async () => {
      pauses += 1;
    },
  });
  return { pauses, figures };
}

const refusedOf = (runId: string, seq: number): Decision => ({ ...refusedOfNobody, runId, seq });
const bytesIn = (partition: Partition) =>
  partition.messages.reduce((sum, { payload }) => sum + payload.byteLength, 0);

test("of an empty partition nothing is removed", async () => {
  expect(await new Partition([]).compact(5)).toEqual({ runs: 0, records: 0, bytes: 0 });
});

test("the figures are what is gone: runs, records and bytes", async () => {
  const zombie = decided("z", "long ago", 1, [started("z")]);
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("open"), started("a")]),
    decided("d2", "d1", 1, [started("b")]),
    decided("d3", "d2", 1, [ended("b")]),
    zombie,
    decided("d4", "d3", 1, [started("open2")]),
    decided("d5", "d4", 1, [ended("a")]),
    claim("c2", 2),
    decided("d6", "c2", 1, [started("open3")], "c2"),
  ]);
  const before = { bytes: bytesIn(partition), records: partition.messages.length };
  const figures = await partition.compact(5);
  expect(partition.told).toEqual([
    "c1",
    "d1<c1 open1",
    "d3<d1 b-2",
    "d4<d3 open21",
    "d5<d4 a-2",
    "c2",
    "d6<c2 open31",
  ]);
  expect(figures).toEqual({
    runs: 2,
    records: before.records - partition.messages.length,
    bytes: before.bytes - bytesIn(partition),
  });
});

test("runs are removed as soon as enough of them are over, each time the last first", async () => {
  const sent: Sent[] = [claim("c1", 1)];
  for (let n = 1; n <= 6; n++)
    sent.push(decided(`d${n}`, n === 1 ? "c1" : `d${n - 1}`, n, [started(`r${n}`), ended(`r${n}`)]));
  const order = async (mostRecords: number, mostRuns: number) => {
    const partition = new Partition(sent);
    await partition.compact(20, { mostRecords, mostRuns });
    return partition.transactions.map((compacted) =>
      compacted.map((one) => Number(one.position.split(":")[1])).join(" "),
    );
  };
  expect(await order(1, 2)).toEqual(["2", "1", "4", "3", "6", "5"]);
  expect(await order(1, 1)).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(await order(2, 3)).toEqual(["4", "2", "6"]);
  expect(await order(3, 100)).toEqual(["6", "3"]);
});

test("two megabytes of records are looked at together, or a little more", async () => {
  const wide = (runId: string): Decision => ({
    ...started(runId),
    events: [{ type: "RunStarted", workflow: "w", input: JSON.stringify("x".repeat(100_000)) }],
  });
  const sent: Sent[] = [claim("c1", 1)];
  for (let n = 1; n <= 25; n++)
    sent.push(decided(`d${n}`, n === 1 ? "c1" : `d${n - 1}`, 1, [wide(`r${n}`), ended(`r${n}`)]));
  const partition = new Partition(sent);
  await partition.compact(5);
  // The last of a stretch stays.
  expect(partition.told.map((told) => told.split("<")[0])).toEqual(["c1", "d20", "d25"]);
});

describe("Nothing is looked at twice", () => {
  test.each<[string, Sent[], number]>([
    ["open runs", [decided("d1", "c1", 1, [started("a")]), decided("d2", "d1", 1, [started("b")])], 0],
    ["claims", [claim("c2", 2), claim("c3", 3)], 0],
    ["what nobody can read", ["junk", "junk"], 0],
    [
      "old refusals beside other events",
      [
        decided("d1", "c1", 1, [
          { ...started("a"), events: [...started("a").events, ...refusedOfNobody.events] },
        ]),
      ],
      40,
    ],
    [
      "what can't be read of a run",
      [
        JSON.stringify(
          decided("d1", "c1", 1, [{ ...started("a"), events: [{ type: "RunTeleported" }] } as never]),
        ),
      ],
      40,
    ],
    [
      "refusals that are not old",
      [decided("d1", "c1", 40, [started("a")]), decided("d2", "d1", 40, [refusedOf("a", 2)])],
      40,
    ],
  ])("of %s, where nothing is to be removed", async (_, sent, forgottenBefore) => {
    const partition = new Partition([claim("c1", 1), ...sent]);
    const { pauses, figures } = await pausesOf(partition, { forgottenBefore });
    expect(pauses).toBe(0);
    expect(figures).toEqual({ runs: 0, records: 0, bytes: 0 });
  });

  test("of one record that holds what is left of runs, but of two, which may become one", async () => {
    const one = new Partition([claim("c1", 1), decided("d1", "c1", 4, [started("a"), ended("a")])]);
    await one.compact(50);
    expect((await pausesOf(one, { forgottenBefore: 4 })).pauses).toBe(0);
    expect(one.told).toEqual(["c1", "d1<c1 a-2"]);
    await one.compact(50, { forgottenBefore: 5 });
    expect(one.told).toEqual(["c1", "d1<c1"]);

    const two = new Partition([
      claim("c1", 1),
      decided("d1", "c1", 1, [started("a"), ended("a")]),
      claim("c2", 2),
      decided("d2", "c2", 1, [started("b"), ended("b")], "c2"),
    ]);
    await two.compact(50);
    expect((await pausesOf(two)).pauses).toBe(1);
  });

  test("of records that tell of open runs as well", async () => {
    const partition = new Partition([
      claim("c1", 1),
      decided("d1", "c1", 1, [started("a"), started("open1"), ended("a")]),
      decided("d2", "d1", 1, [started("b"), started("open2"), ended("b")]),
    ]);
    await partition.compact(50);
    expect(partition.told).toEqual(["c1", "d1<c1 a-2 open11", "d2<d1 b-2 open21"]);
    expect((await pausesOf(partition)).pauses).toBe(0);
  });

  test("of a stretch that was done when more is read", async () => {
    const partition = new Partition([
      claim("c1", 1),
      decided("d1", "c1", 1, [refusedOfNobody]),
      decided("d2", "d1", 1, [started("a"), ended("a")]),
      decided("d3", "d2", 1, [started("b"), ended("b")]),
    ]);
    // Each of three stretches once, and each of three transactions.
    expect((await pausesOf(partition, { mostRecords: 1, mostRuns: 1 })).pauses).toBe(6);
    expect(partition.told).toEqual(["c1", "d1<c1", "d2<d1 a-2", "d3<d2 b-2"]);
  });
});

test("what a replaced owner wrote goes, though no run is over", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("z", "long ago", 1, [started("z")]),
    decided("d1", "c1", 1, [started("open")]),
  ]);
  expect(await partition.compact(5)).toMatchObject({ runs: 0, records: 1 });
  expect(partition.told).toEqual(["c1", "d1<c1 open1"]);
});

test("answers of no run's history go, though no run is over", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("open"), refusedOfNobody]),
  ]);
  await partition.compact(5);
  expect(partition.told).toEqual(["c1", "d1<c1 open1"]);
});

test("what was refused of a run that is forgotten goes when it is as old, and stays of one that is open", async () => {
  const sent = [
    claim("c1", 1),
    decided("d1", "c1", 1, [started("open")]),
    decided("d2", "d1", 3, [refusedOf("gone", 9), refusedOf("open", 2)]),
  ];
  const young = new Partition(sent);
  await young.compact(5, { forgottenBefore: 3 });
  expect(young.told).toEqual(["c1", "d1<c1 open1", "d2<d1 gone9 open2"]);
  const old = new Partition(sent);
  await old.compact(5, { forgottenBefore: 4 });
  expect(old.told).toEqual(["c1", "d1<c1 open1", "d2<d1 open2"]);
});

test("nothing is looked at from where a newer version has decided", async () => {
  const newer = { ...decided("d2", "d1", 1, [started("b"), ended("b")]), format: 99 };
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("a"), ended("a")]),
    newer,
    decided("d3", "d2", 1, [started("c"), ended("c")]),
  ]);
  expect(await partition.compact(5)).toMatchObject({ runs: 1 });
  expect(partition.told).toEqual(["c1", "d1<c1 a-2", "d2<d1 b1 b2", "d3<d2 c1 c2"]);
});

test("a record says that more came of its input as long as its last part is there", async () => {
  const partsLeftOf = async (...decisions: Decision[]) => {
    const partition = new Partition([
      claim("c1", 1),
      { ...decided("d1", "c1", 1, decisions), partsLeft: 3 } as HistoryRecord,
      decided("d2", "d1", 1, [ended("a")]),
    ]);
    await partition.compact(5);
    const record = readRecord(partition.messages[1] as ReceivedMessage);
    return "partsLeft" in record ? record.partsLeft : undefined;
  };
  expect(await partsLeftOf(started("a"), started("open"), started("open2"))).toBe(3);
  expect(await partsLeftOf(started("open"), started("open2"), started("a"))).toBeUndefined();
});

test("a part that names nobody stays", async () => {
  const partition = new Partition([
    claim("c1", 1),
    JSON.stringify({
      ...decided("d1", "c1", 1, [started("a"), ended("a")]),
      decisions: [started("a"), { seq: 7 }, ended("a")],
    }),
  ]);
  await partition.compact(5);
  const { payload } = partition.messages[1] as ReceivedMessage;
  expect(JSON.parse(Buffer.from(payload).toString()).decisions).toMatchObject([
    { runId: "a", seq: 2 },
    { seq: 7 },
  ]);
});

test("the rest of a run whose removal was interrupted is no run that is removed", async () => {
  const partition = new Partition([
    claim("c1", 1),
    decided("d1", "c1", 1, [started("open"), started("a")]),
    decided("d2", "d1", 1, [ended("a"), started("b")]),
  ]);
  const [, whole] = partition.messages;
  await partition.compact(5);
  partition.messages = partition.messages.map((one) => (one.position === whole?.position ? whole : one));
  expect(await partition.compact(5)).toMatchObject({ runs: 0, records: 0 });
  expect(partition.told).toEqual(["c1", "d1<c1 open1", "d2<d1 a-2 b1"]);
});
