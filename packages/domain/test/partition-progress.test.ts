import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartitionProgress } from "../src/partition-progress.ts";
import { type PartitionTrouble, troubleOf, troubleSentence } from "../src/partition-trouble.ts";

const gap = 3_000;

interface Look {
  readonly waiting: number;
  readonly hasOwner?: boolean;
  readonly decided?: boolean;
  readonly afterMs?: number;
}

function watch(looks: readonly Look[]) {
  const progress = new PartitionProgress(2 * gap);
  let at = 1_000;
  for (const { waiting, hasOwner = true, decided = false, afterMs = gap } of looks) {
    at += afterMs;
    if (decided) progress.decided();
    progress.look({ at, waiting, hasOwner });
  }
  return progress;
}

const times = (count: number, look: Look): Look[] => Array.from({ length: count }, () => look);

test("a partition in which nothing waits may be silent forever", () => {
  const progress = watch(times(10_000, { waiting: 0 }));
  expect(progress.sight).toEqual({ waiting: 0, stalledMs: 0, unownedMs: 0 });
});

test("commands that wait while none is decided are a trouble after ten seconds, and none after the next decision", () => {
  const stalled = watch([{ waiting: 0 }, { waiting: 11 }, ...times(4, { waiting: 12 })]);
  expect(troubleOf(3, stalled.sight, "engine-a")).toEqual({
    partition: 3,
    kind: "stalled",
    waiting: 12,
    forMs: 12_000,
    owner: "engine-a",
  });
  stalled.decided();
  expect(troubleOf(3, stalled.sight, "engine-a")).toBeUndefined();
});

test("a start and a take-over of a few seconds are none", () => {
  const looks = [...times(2, { waiting: 4, hasOwner: false }), ...times(2, { waiting: 9 })];
  expect(troubleOf(0, watch(looks).sight, undefined)).toBeUndefined();
});

test("a busy partition always has something waiting, and is fine", () => {
  expect(watch(times(1_000, { waiting: 500, decided: true })).sight.stalledMs).toBe(0);
  const repeated = Array.from({ length: 100 }, (_, index) => ({ waiting: 1_000 - index }));
  expect(watch(repeated).sight.stalledMs).toBe(0);
});

test("an owner that comes and goes and decides nothing is a trouble", () => {
  const looks = Array.from({ length: 10 }, (_, index) => ({
    waiting: 1 + index,
    hasOwner: index % 2 === 0,
  }));
  expect(troubleOf(0, watch(looks).sight, "engine-a")?.kind).toBe("stalled");
});

test("a partition without an engine is a trouble, whether something waits or not", () => {
  const trouble = troubleOf(0, watch(times(6, { waiting: 0, hasOwner: false })).sight, undefined);
  expect(trouble).toEqual({ partition: 0, kind: "unowned", waiting: 0, forMs: 15_000 });
});

test("a pause of the one who looks, or a clock that is set, raises no alarm", () => {
  for (const afterMs of [7_200_000, -7_200_000, 0]) {
    const sight = watch([...times(2, { waiting: 3 }), { waiting: 3, afterMs }]).sight;
    expect(troubleOf(0, sight, undefined)).toBeUndefined();
  }
});

test("no trouble is ever told of a partition that decides at least every nine seconds while an engine is there", () => {
  const look = fc.record({ waiting: fc.nat(20), afterMs: fc.integer({ min: -5_000, max: 3_000 }) });
  fc.assert(
    fc.property(fc.array(fc.tuple(look, look), { maxLength: 200 }), (pairs) => {
      const progress = new PartitionProgress(2 * gap);
      let at = 0;
      for (const pair of pairs) {
        progress.decided();
        for (const { waiting, afterMs } of pair) {
          at += afterMs;
          progress.look({ at, waiting, hasOwner: true });
          expect(troubleOf(0, progress.sight, undefined)).toBeUndefined();
        }
      }
    }),
  );
});

const stalledIn = (
  partition: number,
  waiting: number,
  forMs: number,
  owner = "engine-a",
): PartitionTrouble => ({
  partition,
  kind: "stalled",
  waiting,
  forMs,
  owner,
});
const unownedIn = (partition: number, waiting: number, forMs: number): PartitionTrouble => ({
  partition,
  kind: "unowned",
  waiting,
  forMs,
});

test.each([
  [[], undefined],
  [
    [stalledIn(3, 12, 40_900)],
    "Partition 3: 12 commands wait, nothing was decided for 40 s (owner engine-a).",
  ],
  [
    [stalledIn(1, 1, 10_000), stalledIn(4, 0, 130_000, "engine-b")],
    "Partitions 1 and 4: 1 command waits, nothing was decided for 2 min (owner engine-a, engine-b).",
  ],
  [[unownedIn(2, 0, 15_000)], "Partition 2 has had no engine for 15 s."],
  [
    [unownedIn(2, 1, 15_000), unownedIn(5, 2, 9_000_000)],
    "Partitions 2 and 5 have had no engine for 2 h; 3 commands wait.",
  ],
  [
    Array.from({ length: 8 }, (_, partition) => unownedIn(partition, 1, 33_000)),
    "None of the 8 partitions has had an engine for 33 s; 8 commands wait.",
  ],
  [
    [
      ...Array.from({ length: 7 }, (_, partition) => stalledIn(partition, 1, 12_000)),
      unownedIn(7, 0, 11_000),
    ],
    "Partition 7 has had no engine for 11 s. Partitions 0, 1, 2, 3, 4 and 2 others: 7 commands wait, nothing was decided for 12 s (owner engine-a).",
  ],
])("says it in a sentence: %#", (troubles, sentence) => {
  expect(troubleSentence(troubles, 8)).toBe(sentence);
});

test("an owner at either of two looks was there between them", () => {
  const looks = [{ waiting: 0, hasOwner: true }, ...times(3, { waiting: 0, hasOwner: false })];
  expect(watch(looks).sight.unownedMs).toBe(2 * gap);
  expect(watch([...looks, { waiting: 0, hasOwner: true }]).sight.unownedMs).toBe(0);
  expect(watch(times(3, { waiting: 0, hasOwner: false })).sight.unownedMs).toBe(2 * gap);
});

test("a decision between two looks counts for these two only", () => {
  const progress = watch([{ waiting: 5 }, { waiting: 5, decided: true }, { waiting: 5 }, { waiting: 5 }]);
  expect(progress.sight.stalledMs).toBe(2 * gap);
});

test("nothing is known before the first look, nor where nobody could look", () => {
  expect(new PartitionProgress(gap).sight).toEqual({});
  const progress = watch(times(5, { waiting: 4, hasOwner: false }));
  expect(progress.sight).toEqual({ waiting: 4, stalledMs: 4 * gap, unownedMs: 4 * gap });
  progress.miss(1_000_000, "HTTP 503");
  expect(progress.sight).toEqual({ unknown: { forMs: 0, why: "HTTP 503" } });
  progress.look({ at: 1_000_000, waiting: 4, hasOwner: false });
  expect(progress.sight).toEqual({ waiting: 4, stalledMs: 0, unownedMs: 0 });
});

test("what nobody could look at for ten seconds is a trouble, and one look that is lost is none", () => {
  const progress = watch([{ waiting: 4 }]);
  for (const at of [0, 1, 2, 3]) {
    progress.miss(100_000 + at * gap, `503 (${at})`);
    expect(troubleOf(2, progress.sight, "engine-a")).toBeUndefined();
  }
  progress.miss(100_000 + 4 * gap, "503 (The disk is full.)");
  const trouble = troubleOf(2, progress.sight, "engine-a");
  expect(trouble).toEqual({
    ...{ partition: 2, kind: "unknown", waiting: 0, forMs: 4 * gap, owner: "engine-a" },
    why: "503 (The disk is full.)",
  });
  progress.look({ at: 100_000 + 5 * gap, waiting: 4, hasOwner: true });
  expect(troubleOf(2, progress.sight, "engine-a")).toBeUndefined();
  progress.miss(200_000, "503");
  progress.miss(7_200_000, "503");
  expect(progress.sight, "a pause of the one who looks").toEqual({ unknown: { forMs: 2 * gap, why: "503" } });
});

test("a trouble begins with the time that is given, and says the owner only where one is known", () => {
  const unowned = { waiting: 3, stalledMs: 0, unownedMs: 500 };
  expect(troubleOf(1, unowned, undefined, 501)).toBeUndefined();
  expect(troubleOf(1, unowned, undefined, 500)).toStrictEqual({
    partition: 1,
    waiting: 3,
    kind: "unowned",
    forMs: 500,
  });
  const stalled = { waiting: 3, stalledMs: 500, unownedMs: 0 };
  expect(troubleOf(1, stalled, "a", 501)).toBeUndefined();
  expect(troubleOf(1, stalled, "a", 500)).toMatchObject({ kind: "stalled", owner: "a" });
});

describe("What is said of troubles", () => {
  const unowned = (partition: number, forMs = 12_999, waiting = 0): PartitionTrouble => ({
    partition,
    kind: "unowned",
    waiting,
    forMs,
  });
  const stalled = (partition: number, owner?: string): PartitionTrouble => ({
    partition,
    kind: "stalled",
    waiting: 1,
    forMs: 20_000,
    ...(owner !== undefined && { owner }),
  });

  const unknown = (partition: number, why = "the log is full"): PartitionTrouble => ({
    ...{ partition, kind: "unknown", waiting: 0, forMs: 12_000, why },
  });

  test.each([
    [
      [unknown(0), unknown(1, "another.")],
      2,
      "Whether commands are decided can't be told, for 12 s now: the log is full.",
    ],
    [
      [unowned(0), unknown(1)],
      2,
      "Partition 0 has had no engine for 12 s. Whether commands are decided in partition 1 can't be told, for 12 s now: the log is full.",
    ],
    [[unowned(0)], 1, "Partition 0 has had no engine for 12 s."],
    [[unowned(0), unowned(1)], 2, "None of the 2 partitions has had an engine for 12 s."],
    [[unowned(0, 119_999)], 2, "Partition 0 has had no engine for 119 s."],
    [[unowned(0, 120_000)], 2, "Partition 0 has had no engine for 2 min."],
    [[unowned(0, 7_199_999)], 2, "Partition 0 has had no engine for 119 min."],
    [[unowned(0, 7_200_000)], 2, "Partition 0 has had no engine for 2 h."],
    [
      [unowned(0, 12_000, 1), unowned(3, 15_000, 1)],
      4,
      "Partitions 0 and 3 have had no engine for 15 s; 2 commands wait.",
    ],
    [[stalled(0)], 1, "Partition 0: 1 command waits, nothing was decided for 20 s."],
    [
      [stalled(0, "a"), stalled(1, "a"), stalled(2)],
      3,
      "Partitions 0, 1 and 2: 3 commands wait, nothing was decided for 20 s (owner a).",
    ],
    [
      [0, 1, 2, 3, 4, 5].map((n) => stalled(n, `e${n}`)),
      9,
      "Partitions 0, 1, 2, 3, 4 and 5: 6 commands wait, nothing was decided for 20 s (owner e0, e1, e2, e3, e4).",
    ],
    [
      [0, 1, 2, 3, 4, 5, 6].map((n) => stalled(n)),
      9,
      "Partitions 0, 1, 2, 3, 4 and 2 others: 7 commands wait, nothing was decided for 20 s.",
    ],
  ])("%j of %i", (troubles, partitions, sentence) => {
    expect(troubleSentence(troubles, partitions)).toBe(sentence);
  });
});
